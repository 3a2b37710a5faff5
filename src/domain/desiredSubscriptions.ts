/**
 * Which resources Graph is asked to tell of, pure: sync converges on this set as it does on streams.
 *
 * Calendars at `limited` are polled (the permission does not allow more), tasks and files are polled (their webhooks
 * want a permission to write, and an application gets none for tasks), and what others share is polled (there is no
 * delegated subscription to it).
 *
 * Source  "Create subscription", its table of permissions (learn.microsoft.com/graph/api).
 */
import type { DesiredStream } from './streams.ts';
import { type Category, definitionOf } from './categories/categories.ts';
import type { CategorySubscription } from './categories/categoryDefinition.ts';

export interface DesiredSubscription {
  readonly category: Category;
  /** Below the mailbox: `messages`. */
  readonly resource: string;
  readonly lifeDays: number;
}

/** From the streams that are wanted. */
export function desiredSubscriptions(streams: readonly DesiredStream[]): readonly DesiredSubscription[] {
  const found = new Map<string, DesiredSubscription>();
  for (const stream of streams) {
    const subscription = subscriptionOf(stream);
    if (subscription !== null) {
      const { resource, lifeDays } = subscription;
      found.set(resource, { category: stream.category, resource, lifeDays });
    }
  }
  return [...found.values()];
}

function subscriptionOf({ category, sharedMailbox, level }: DesiredStream): CategorySubscription | null {
  if (sharedMailbox !== null) {
    return null;
  }
  const { subscription } = definitionOf(category);
  return subscription?.levels.includes(level) === true ? subscription : null;
}
