/** What every route of the sandbox's Graph works with. */
import type { Mailboxes } from './mailboxes.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { World } from '../world/world.ts';

export interface GraphContext {
  readonly world: World;
  readonly mailboxes: Mailboxes;
  readonly subscriptions: Subscriptions;
  readonly origin: string;
  readonly now: () => Date;
  /** Differs after a reset, so that older cursors are lost. */
  generation(): string;
}
