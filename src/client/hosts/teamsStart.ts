/**
 * Whether Teams is around the page, as teams-js finds out.
 *
 * Source  microsoft-teams-library-js, `internal/appHelpers.ts` and `internal/communication.ts`: without a parent it fails
 *         at once; after a minute it gives up, though what it began continues, and a further call waits for that.
 */
const NO_PARENT = /no parent window/i;
const GAVE_UP = /timed out/i;

/** Never settles where a parent never answers. */
export async function isTeamsAround(initialize: () => Promise<void>): Promise<boolean> {
  for (;;) {
    try {
      await initialize();
      return true;
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      if (NO_PARENT.test(message)) {
        return false;
      }
      if (!GAVE_UP.test(message)) {
        throw error;
      }
    }
  }
}
