/**
 * What every answer of Graph carries beside its content, and what single items are said to be on request.
 *
 * Source  "Microsoft Graph best practices" (`request-id`, `client-request-id`), "Obtain immutable identifiers for
 *         Outlook resources" and "Get Outlook resources" (`Preference-Applied`); "OData JSON Format" (context URL).
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { World } from '../world/world.ts';

export function dressAnswers(app: FastifyInstance, world: World): void {
  app.addHook('onRequest', async (request, reply) => {
    const { 'client-request-id': asked, prefer } = request.headers;
    void reply.header('request-id', randomUUID());
    void reply.header('client-request-id', typeof asked === 'string' ? asked : randomUUID());
    if (typeof prefer === 'string') {
      void reply.header('preference-applied', prefer);
    }
  });
  app.addHook('preSerialization', async ({ url }, _reply, payload) => {
    const said = overlaid(payload, world.overlays);
    return isCollection(said) ? { '@odata.context': contextOf(url), ...said } : said;
  });
}

function isCollection(payload: unknown): payload is object {
  return typeof payload === 'object' && payload !== null && Array.isArray(Reflect.get(payload, 'value'));
}

/** Names the collection as Graph does; clients may rely only on its presence. */
function contextOf(url: string): string {
  const path = /^\/v1\.0\/([^?]*)/.exec(url)?.[1] ?? '';
  return `https://graph.microsoft.com/v1.0/$metadata#${path}`;
}

/** With what is to be said of the items in it, as far as the answer speaks of that at all. */
function overlaid(payload: unknown, overlays: World['overlays']): unknown {
  if (Object.keys(overlays).length === 0 || typeof payload !== 'object' || payload === null) {
    return payload;
  }
  if (Array.isArray(payload)) {
    return payload.map((each) => overlaid(each, overlays));
  }
  const value: unknown = Reflect.get(payload, 'value');
  const whole = Array.isArray(value) ? { ...payload, value: overlaid(value, overlays) } : payload;
  const id: unknown = Reflect.get(whole, 'id');
  const fields = typeof id === 'string' ? overlays[id] : undefined;
  const isItem = fields !== undefined && !('@removed' in whole) && !('deleted' in whole);
  return isItem ? withFields(whole, fields) : whole;
}

/** A property that was not selected is not said; an answer without a selection says all. */
function withFields(item: object, fields: Readonly<Record<string, unknown>>): object {
  const isSelected = !('createdDateTime' in item) && !('parentFolderId' in item);
  return {
    ...item,
    ...Object.fromEntries(Object.entries(fields).filter(([name]) => !isSelected || name in item)),
  };
}
