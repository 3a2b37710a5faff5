/**
 * How long to wait after a failure.
 *
 * Units   Seconds. What Graph asks for is obeyed up to an hour; otherwise 2, 4, 8 … up to 5 minutes. A fifth
 *         is added by chance, so that mailboxes that failed together do not come back together.
 */
const MAX_RETRY_AFTER_SECONDS = 3600;
const MAX_OWN_DELAY_SECONDS = 300;

export function retryDelay(failuresBefore: number, retryAfterSeconds: number | null, chance: number): number {
  const own = Math.min(2 ** (Math.min(failuresBefore, 16) + 1), MAX_OWN_DELAY_SECONDS);
  const asked = retryAfterSeconds !== null && retryAfterSeconds > 0 ? retryAfterSeconds : null;
  const seconds = asked === null ? own : Math.min(asked, MAX_RETRY_AFTER_SECONDS);
  return seconds * (1 + chance / 5);
}
