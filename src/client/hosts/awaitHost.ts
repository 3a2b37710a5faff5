/** What stands on the page until the host has answered: a host that starts cold takes many seconds. */
import type { Found } from './openHost.ts';

/** How long the skeleton says enough; then it is said what is waited for. */
const HINT_MILLISECONDS = 4_000;
/** Classic Outlook with an empty cache needs this at times. */
const PATIENCE_MILLISECONDS = 30_000;

/** `opening` while it is not known yet whether there is a host, `silent` when that has taken too long. */
export type HostState = Found | 'opening' | 'silent';

/** Shows each state as it comes; an answer ends it, also one that is very late. */
export async function awaitHost(host: Promise<Found>, show: (state: HostState) => void): Promise<void> {
  const notes = [setTimeout(show, HINT_MILLISECONDS, 'opening'), setTimeout(show, PATIENCE_MILLISECONDS, 'silent')];
  const found = await host;
  notes.forEach(clearTimeout);
  show(found);
}
