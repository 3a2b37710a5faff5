/**
 * A person's OneDrive: its delta, its root, its items and their content.
 *
 * Source  "driveItem: delta", "Get driveItem", "Download driveItem content" (learn.microsoft.com/graph).
 */
import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DRIVE } from '../seed/generateOthers.ts';
import { type Caller, demand, mailboxCallerOf, mailboxPath } from './access.ts';
import { collectionDelta } from './collectionDelta.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import type { GraphContext } from './graph.ts';
import type { Mailbox } from './mailbox.ts';
import { pageRequest, selected } from './paging.ts';
import type { StoredDriveItem } from './stored.ts';

export function registerDrive(app: FastifyInstance, context: GraphContext): void {
  for (const base of ['/v1.0/me', '/v1.0/users/:mailbox']) {
    app.get(`${base}/drive`, (request) => {
      enter(context, request);
      return { id: DRIVE, driveType: 'business' };
    });
    for (const form of ['delta', 'delta()']) {
      app.get(`${base}/drive/root/${form}`, (request) => driveDelta(context, request));
    }
    app.get(`${base}/drive/root/children`, (request) => {
      const { mailbox } = enter(context, request);
      const { select } = pageRequest(request, 'children', context.generation());
      const children = mailbox.driveItems.all().filter(({ parentId }) => parentId === null);
      return { value: children.map((item) => selected(presentItem(item), select)) };
    });
    app.get(`${base}/drive/items/:id`, (request) =>
      selected(presentItem(itemIn(context, request)), pageRequest(request, 'item', context.generation()).select),
    );
    app.get(`${base}/drive/items/:id/content`, (request, reply) => {
      const { id } = itemIn(context, request);
      const { caller } = enter(context, request);
      return reply.redirect(`${context.origin}/sandbox/downloads/${sign(context, `${caller.person.upn} ${id}`)}`);
    });
  }
  // As SharePoint keeps content: at an address that opens by itself, and refuses whoever sends Graph's token along.
  app.get('/sandbox/downloads/:signed', (request, reply) => {
    const [upn = '', id = ''] = (opened(context, request) ?? '').split(' ');
    const item = upn === '' ? null : context.mailboxes.of(upn).driveItems.get(id);
    if (item === null || request.headers.authorization !== undefined) {
      return reply.code(401).send();
    }
    return reply.type(item.mimeType ?? 'application/octet-stream').send(`The content of ${item.name}\n`);
  });
}

function sign({ world }: GraphContext, text: string): string {
  const mark = createHmac('sha256', world.secret).update(`download ${text}`).digest('base64url');
  return `${Buffer.from(text).toString('base64url')}.${mark}`;
}

/** What was signed, or `null` for what nobody here has. */
function opened(context: GraphContext, request: FastifyRequest): string | null {
  const { signed } = z.object({ signed: z.string() }).parse(request.params);
  const text = Buffer.from(signed.split('.')[0] ?? '', 'base64url').toString();
  return sign(context, text) === signed ? text : null;
}

/** A drive comes with a licence; guests and unlicensed people have none. */
function enter(context: GraphContext, request: FastifyRequest): { caller: Caller; mailbox: Mailbox } {
  const caller = mailboxCallerOf(context, request);
  demand(caller, 'files');
  const { mailbox } = caller.person;
  if (mailbox === 'none' || mailbox === 'unlicensed' || mailbox === 'disabled') {
    throw new GraphError(GRAPH_REFUSALS.driveNotFound);
  }
  return { caller, mailbox: context.mailboxes.of(caller.person.upn) };
}

function itemIn(context: GraphContext, request: FastifyRequest): StoredDriveItem {
  const { mailbox } = enter(context, request);
  const item = mailbox.driveItems.get(z.object({ id: z.string() }).parse(request.params).id);
  if (item === null) {
    throw new GraphError(GRAPH_REFUSALS.driveItemNotFound);
  }
  return item;
}

function driveDelta(context: GraphContext, request: FastifyRequest): object {
  const { mailbox } = enter(context, request);
  const answer = collectionDelta({
    context,
    request,
    collection: mailbox.driveItems,
    container: DRIVE,
    sequence: mailbox.sequence,
    path: `${mailboxPath(request)}/drive/root/delta`,
    present: presentItem,
    presentRemoved: (id) => ({ id, deleted: { state: 'deleted' } }),
  });
  // Every answer names the root as well.
  const value = z.object({ value: z.array(z.unknown()) }).parse(answer).value;
  return { ...answer, value: [ROOT, ...value] };
}

const ROOT = { id: '01ROOT', name: 'root', root: {}, folder: { childCount: 0 } };

function presentItem(item: StoredDriveItem): Record<string, unknown> {
  const { id, changeKey, modifiedAt, parentId, name, size, mimeType } = item;
  return {
    id,
    eTag: `"{${id}},${changeKey}"`,
    cTag: `"c:{${id}},${changeKey}"`,
    name,
    size,
    createdDateTime: modifiedAt,
    lastModifiedDateTime: modifiedAt,
    webUrl: `https://onedrive.example/${encodeURIComponent(name)}`,
    parentReference: { driveId: DRIVE, driveType: 'business', id: parentId ?? ROOT.id },
    ...(mimeType === null ? { folder: { childCount: 0 } } : { file: { mimeType } }),
  };
}
