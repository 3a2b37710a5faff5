/** What stands on the page until the host has answered: a host that starts cold takes many seconds. */
import type { Host } from './host.ts';
import type { NoHost } from './openHost.ts';

/** How long the skeleton says enough; then it is said what is waited for. */
const HINT_MILLISECONDS = 4_000;
/** Classic Outlook with an empty cache needs this at times. */
const TIMEOUT_MILLISECONDS = 30_000;

/** `opening`: it has not answered yet; `overdue`: nor after half a minute, though it still may. */
export type HostState = Host | NoHost | { readonly kind: 'opening' | 'overdue' };

/** Shows each state as it comes; an answer ends it, also one that is very late. */
export async function awaitHost(host: Promise<Host | NoHost>, show: (state: HostState) => void): Promise<void> {
  const notes = [
    setTimeout(show, HINT_MILLISECONDS, { kind: 'opening' }),
    setTimeout(show, TIMEOUT_MILLISECONDS, { kind: 'overdue' }),
  ];
  const answer = await host;
  notes.forEach(clearTimeout);
  show(answer);
}
