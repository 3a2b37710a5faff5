/**
 * Keeps a mailbox's subscriptions to Graph's notifications, in its round: made before the streams are read, so that
 * nothing that changes afterwards is missed; looked at and renewed by half of their life; ended where nothing is wanted.
 *
 * Without one a stream is polled, so that every failure here costs time and nothing else.
 *
 * Units   The category's life is asked for, or one of 2.9 days where that is refused; what Graph answers counts. At the
 *         latest after 12 hours it is asked whether the subscription is still there.
 * Source  "Create subscription", "Update subscription", "Reduce missing subscriptions and change notifications".
 */
import { createHash } from 'node:crypto';
import { desiredSubscriptions, type DesiredSubscription } from '../domain/desiredSubscriptions.ts';
import type { DesiredStream } from '../domain/streams.ts';
import type { Category } from '../domain/categories/categories.ts';
import type { GraphAccess, GraphAnswer, CreatedSubscription, Subscription, SubscriptionChange } from './ports.ts';
import { retryDelay } from './retryDelay.ts';
import { addSeconds, type GraphCallResult, type RequestScope, codeOf, type RoundContext } from './roundContext.ts';

const DAY_SECONDS = 24 * 3_600;
/** What every version of Microsoft's table allows; asked for where the longer life is refused. */
const SHORTER_LIFE_SECONDS = 4_176 * 60;
const CHECK_SECONDS = 12 * 3_600;
/** The first two failures might be transient. After that, assume push is unavailable and poll instead. */
const MAX_RETRY_SECONDS = 3_600;

/** Answers the categories whose streams must be read again, because a subscription of theirs is new. */
export async function reconcileSubscriptions(
  context: RoundContext,
  streams: readonly DesiredStream[],
): Promise<readonly Category[] | 'stopped'> {
  const existing = context.state.subscriptions;
  const desired = desiredSubscriptions(streams);
  const wanted = new Set(desired.map(({ resource }) => resource));
  for (const dropped of existing.filter(({ resource }) => !wanted.has(resource))) {
    await deleteStale(context, dropped);
  }
  const known = new Map(existing.map((subscription) => [subscription.resource, subscription]));
  const renewed = new Set<Category>();
  for (const each of desired) {
    const outcome = await renewOrCreate(context, each, known.get(each.resource) ?? null);
    if (outcome === 'stopped') {
      return 'stopped';
    }
    if (outcome === 'made') {
      renewed.add(each.category);
    }
  }
  return [...renewed];
}

type Outcome = 'made' | 'kept' | 'stopped';

async function renewOrCreate(
  context: RoundContext,
  desired: DesiredSubscription,
  subscription: Subscription | null,
): Promise<Outcome> {
  const now = context.ports.now();
  if (subscription !== null && subscription.actAt > now) {
    return 'kept';
  }
  const { subscriptionId = null, failures = 0 } = subscription ?? {};
  if (subscriptionId === null) {
    return createMissing(context, desired, failures);
  }
  const answer = await forLife(context, desired, (access, expiresAt) =>
    context.ports.graph.renewSubscription(access, subscriptionId, expiresAt),
  );
  // Graph dropped it silently. Recreate it and reread to catch up.
  return answer.kind === 'notFound'
    ? createMissing(context, desired, failures)
    : recordOutcome(context, desired, failures, subscription, answer, 'kept');
}

async function createMissing(context: RoundContext, desired: DesiredSubscription, failures: number): Promise<Outcome> {
  const { ports, state } = context;
  const clientState = ports.secret();
  const hash = createHash('sha256').update(clientState).digest();
  if ((await ports.store.prepareSubscription(state, desired, hash, ports.now())) === 'stale') {
    return 'stopped';
  }
  const create = () =>
    forLife(context, desired, (access, expiresAt) =>
      ports.graph.createSubscription(access, { resource: desired.resource, clientState, expiresAt }),
    );
  const first = await create();
  // One was made whose answer was lost: it has another secret, so it goes.
  const answer = first.kind === 'conflict' ? await removeDuplicates(context, desired).then(create) : first;
  return recordOutcome(context, desired, failures, null, answer, 'made');
}

/** Asks for the long life, and for the shorter one where Graph takes the request for a bad one. */
async function forLife(
  context: RoundContext,
  desired: DesiredSubscription,
  request: (access: GraphAccess, expiresAt: Date) => Promise<GraphAnswer<CreatedSubscription>>,
): Promise<GraphCallResult<CreatedSubscription>> {
  const ask = (seconds: number) =>
    context.callGraph(requestScopeOf(desired), (access) => request(access, addSeconds(context.ports.now(), seconds)));
  const answer = await ask(desired.lifeDays * DAY_SECONDS);
  return answer.kind === 'badRequest' ? ask(SHORTER_LIFE_SECONDS) : answer;
}

async function removeDuplicates(context: RoundContext, desired: DesiredSubscription): Promise<void> {
  const { graph } = context.ports;
  const asker = requestScopeOf(desired);
  const listed = await context.callGraph(asker, (access) => graph.listSubscriptions(access, desired.resource));
  for (const id of listed.kind === 'ok' ? listed.value : []) {
    await context.callGraph(asker, (access) => graph.deleteSubscription(access, id));
  }
}

async function recordOutcome(
  context: RoundContext,
  { resource }: DesiredSubscription,
  failures: number,
  before: Subscription | null,
  answer: GraphCallResult<CreatedSubscription>,
  outcome: Outcome,
): Promise<Outcome> {
  const { ports, state } = context;
  if (answer.kind === 'stopped') {
    return 'stopped';
  }
  const now = ports.now();
  const change: SubscriptionChange =
    answer.kind === 'ok'
      ? {
          subscriptionId: answer.value.id,
          expiresAt: answer.value.expiresAt,
          actAt: nextCheckAt(now, answer.value.expiresAt, ports.random()),
          failures: 0,
          error: null,
        }
      : {
          subscriptionId: before?.subscriptionId ?? null,
          expiresAt: before?.expiresAt ?? null,
          actAt: addSeconds(now, retryDelaySeconds(failures, answer, ports.random())),
          failures: failures + 1,
          error: codeOf(answer),
        };
  await ports.store.changeSubscription(state, resource, before?.subscriptionId ?? null, change);
  return answer.kind === 'ok' ? outcome : 'kept';
}

/** At half of the life that Graph has given, or up to a fifth earlier, so that not all are due at once. */
function nextCheckAt(now: Date, expiresAt: Date, chance: number): Date {
  const half = (expiresAt.getTime() - now.getTime()) / 2_000;
  return addSeconds(now, Math.max(60, Math.min(half, CHECK_SECONDS) * (0.8 + 0.2 * chance)));
}

function retryDelaySeconds(
  failures: number,
  answer: Exclude<GraphAnswer<unknown>, { kind: 'ok' }>,
  chance: number,
): number {
  const asked = answer.kind === 'throttled' ? answer.retryAfterSeconds : null;
  return failures < 2 ? retryDelay(failures, asked, chance) : MAX_RETRY_SECONDS * (0.8 + 0.2 * chance);
}

/** Where Graph does not answer it lapses by itself; its notifications are not ours any more. */
async function deleteStale(context: RoundContext, subscription: Subscription): Promise<void> {
  const { ports, state } = context;
  const { subscriptionId, resource } = subscription;
  if (subscriptionId !== null) {
    await context.callGraph(requestScopeOf(subscription), (access) =>
      ports.graph.deleteSubscription(access, subscriptionId),
    );
  }
  await ports.store.removeSubscription(state, resource);
}

/** Requests are made with the permission of the category's streams. */
function requestScopeOf({ category }: Pick<DesiredSubscription, 'category'>): RequestScope {
  return { category, level: 'limited', failures: 0, isAside: true };
}
