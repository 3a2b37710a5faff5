/**
 * `/graph/notifications` and `/graph/lifecycle`: Graph's handshake and its notifications.
 *
 * Whatever is well formed is answered 202 when it is durable, also what no one here has asked for: a forger learns
 * nothing. Where it cannot be written down the answer is 503, and Graph brings it again. What kind of notification it is
 * is read from itself, not from the address. Anyone may post here, so that a body is looked at before it is parsed, and
 * an id that is none of Graph's never reaches the database.
 *
 * Source  "Receive change notifications through webhooks", "Reduce missing subscriptions and change notifications".
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ReceivedNotification } from '../../sync/receiveNotifications.ts';
import type { Services } from '../services.ts';

/** A thousand notifications without resource data come to less. */
const MAX_NOTIFICATION_BODY_BYTES = 1024 * 1024;
/** Graph's notifications are four deep. */
const MAX_DEPTH = 20;
const MAX_NOTIFICATIONS_PER_REQUEST = 1_000;
/** What waits beyond this would be answered too late for Graph's patience. */
const MAX_QUEUED_NOTIFICATIONS = 20_000;
/** Graph calls an endpoint slow that answers later; it asks again for what was refused. */
const TIMEOUT_MILLISECONDS = 2_500;

const Handshake = z.object({ validationToken: z.string().max(4_096) });

const Notification = z.object({
  subscriptionId: z.string().regex(/^[\w-]{1,100}$/),
  clientState: z.string().max(128).nullish(),
  tenantId: z.guid().nullish(),
  lifecycleEvent: z.string().nullish(),
  changeType: z.string().nullish(),
});
const Body = z.object({ value: z.array(z.unknown()).max(MAX_NOTIFICATIONS_PER_REQUEST) });

const KINDS: Readonly<Record<string, ReceivedNotification['kind']>> = {
  missed: 'missed',
  subscriptionRemoved: 'removed',
  reauthorizationRequired: 'reauthorizationRequired',
};

export function registerNotifications(app: FastifyInstance, { notifications }: Pick<Services, 'notifications'>): void {
  const receive = async (request: FastifyRequest, reply: FastifyReply) => {
    const handshake = Handshake.safeParse(request.query);
    if (handshake.success) {
      return reply.type('text/plain').send(handshake.data.validationToken);
    }
    const received = notificationsIn(request.body);
    if (received === null) {
      return reply.code(400).send();
    }
    if (notifications.depth + received.length > MAX_QUEUED_NOTIFICATIONS) {
      return reply.code(503).header('retry-after', '10').send();
    }
    const isDurable = await isWrittenInTime(notifications.receive(received));
    return isDurable ? reply.code(202).send() : reply.code(503).header('retry-after', '10').send();
  };
  // The handshake comes as text, and with nothing in it.
  void app.register(async (scope) => {
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
      done(null, parseShallow(String(body)));
    });
    scope.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, _body, done) => {
      done(null, null);
    });
    for (const path of ['/graph/notifications', '/graph/lifecycle']) {
      scope.post(path, { bodyLimit: MAX_NOTIFICATION_BODY_BYTES }, receive);
    }
  });
}

/** `undefined` for what is no JSON, or nested so deeply that parsing it would cost more than it can be worth. */
function parseShallow(text: string): unknown {
  try {
    return isDeep(text) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (isInString) {
      at += character === '\\' ? 1 : 0;
      isInString = character !== '"';
    } else if (character === '"') {
      isInString = true;
    } else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > MAX_DEPTH) {
        return true;
      }
    } else if (character === ']' || character === '}') {
      depth -= 1;
    }
  }
  return false;
}

/** What a body brings; `null` where it is none of Graph's. */
export function notificationsIn(body: unknown): readonly ReceivedNotification[] | null {
  const parsed = Body.safeParse(body);
  return parsed.success ? parsed.data.value.flatMap(notificationOf) : null;
}

/** Nothing for what is unknown or broken: it is accepted and left alone. */
function notificationOf(raw: unknown): readonly ReceivedNotification[] {
  const parsed = Notification.safeParse(raw);
  const kind = parsed.success ? kindOf(parsed.data) : null;
  if (!parsed.success || kind === null) {
    return [];
  }
  const { subscriptionId, clientState, tenantId } = parsed.data;
  const clientStateHash = createHash('sha256')
    .update(clientState ?? '')
    .digest();
  return [{ subscriptionId, clientStateHash, tenantId: tenantId?.toLowerCase() ?? null, kind }];
}

function kindOf({ lifecycleEvent }: z.infer<typeof Notification>): ReceivedNotification['kind'] | null {
  return (lifecycleEvent ?? null) === null ? 'changed' : (KINDS[lifecycleEvent ?? ''] ?? null);
}

/** Whether the write finished before Graph's timeout. If not, Graph retries; writing twice is harmless. */
async function isWrittenInTime(written: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, TIMEOUT_MILLISECONDS);
  });
  const done = written.then(
    () => true as const,
    () => false as const,
  );
  const isDurable = await Promise.race([done, late]);
  clearTimeout(timer);
  return isDurable;
}
