/** What every route of the control interface works with. */
import type { TokenIssuer } from '../entra/tokens.ts';
import type { Mailboxes } from '../graph/mailboxes.ts';
import type { Subscriptions } from '../graph/subscriptions.ts';
import type { Sizes } from '../world/state.ts';
import type { World } from '../world/world.ts';
import { type FaultScript } from './faults.ts';
import type { RequestLog } from './requestLog.ts';

export interface ControlContext {
  readonly world: World;
  readonly mailboxes: Mailboxes;
  readonly subscriptions: Subscriptions;
  readonly tokens: TokenIssuer;
  readonly faults: FaultScript;
  readonly log: RequestLog;
  readonly now: () => Date;
  reset(seed: string, sizes: Sizes): void;
}
