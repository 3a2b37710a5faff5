/** Stops the PostgreSQL that the setup started, and removes its folder. */
export default async function globalTeardown() {
  await globalThis.assentPostgres?.stop();
}
