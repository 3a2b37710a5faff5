/**
 * Random histories of the engine, each from its seed, on the databases in turn; `SIMULATION_SEED` and `SIMULATION_RUNS` try
 * others.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Database } from '../../src/db/openDatabase.ts';
import { ENGINES, openTestDatabase } from '../support/databases.ts';
import { Simulation } from './simulation.ts';

const FIRST = Number(process.env['SIMULATION_SEED'] ?? 1);
const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 50);

const databases = new Map<Database['engine'], Database>();

beforeAll(async () => {
  for (const engine of ENGINES) {
    databases.set(engine, await openTestDatabase(engine));
  }
});
afterAll(() => Promise.all([...databases.values()].map((database) => database.close())));

test.each(
  Array.from({ length: RUNS }, (_, index) => {
    const seed = FIRST + index;
    return [seed, ENGINES[seed % ENGINES.length] ?? 'pglite'] as const;
  }),
)(
  'whatever happens in whatever order, what is stored ends up as Microsoft has it: seed %i on %s',
  async (seed, engine) => {
    const simulation = await Simulation.open(seed, databases.get(engine) ?? (await openTestDatabase(engine)));

    await expect(simulation.run()).resolves.toBeUndefined();
  },
);
