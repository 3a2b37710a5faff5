/**
 * A person's OneDrive: its delta, its root, its items and their content.
 *
 * Source  "driveItem: delta", "Get driveItem", "Download driveItem content" (learn.microsoft.com/graph).
 */
import { createHash, createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DRIVE } from '../seed/generateOtherContent.ts';
import { type Caller, requirePermission, mailboxCallerOf } from './access.ts';
import { collectionDelta } from './collectionDelta.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import type { GraphContext } from './graphContext.ts';
import type { Mailbox } from './mailbox.ts';
import { pageRequest, selected } from './paging.ts';
import { quickXorHash } from './quickXorHash.ts';
import type { StoredDriveItem } from './stored.ts';

/** A drive by its person, or by its own id, where `root` and whatever is below have addresses of their own. */
const BASES = ['/v1.0/me/drive', '/v1.0/users/:mailbox/drive', '/v1.0/drives/:drive'] as const;

export function registerDrive(app: FastifyInstance, context: GraphContext): void {
  for (const base of BASES) {
    registerDriveAt(app, context, base);
  }
  app.get('/v1.0/me/drives', (request) => ({ value: [presentDrive(enter(context, request))] }));
  // As SharePoint keeps content: at an address that opens by itself, whatever token is sent along (as rclone does).
  app.get('/sandbox/downloads/:signed', (request, reply) => {
    const [upn = '', id = ''] = (opened(context, request) ?? '').split(' ');
    const item = upn === '' ? null : context.mailboxes.of(upn).driveItems.get(id);
    if (item === null) {
      return reply.code(401).send();
    }
    return reply.type(item.mimeType ?? 'application/octet-stream').send(contentOf(item));
  });
}

function registerDriveAt(app: FastifyInstance, context: GraphContext, base: string): void {
  app.get(base, (request) => presentDrive(enter(context, request)));
  for (const form of ['delta', 'delta()']) {
    app.get(`${base}/root/${form}`, (request) => driveDelta(context, request));
  }
  app.get(`${base}/root`, (request) => {
    const { mailbox } = enter(context, request);
    return selected(presentRoot(mailbox), pageRequest(request, 'root', context.generation()).select);
  });
  app.get(`${base}/root/children`, (request) => childrenOf(context, request, null));
  app.get(`${base}/items/:id/children`, (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    return childrenOf(context, request, id === ROOT_ID ? null : itemIn(context, request).id);
  });
  app.get(`${base}/items/:id`, (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const { mailbox } = enter(context, request);
    const { select } = pageRequest(request, 'item', context.generation());
    return selected(id === ROOT_ID ? presentRoot(mailbox) : presentItem(mailbox, itemIn(context, request)), select);
  });
  app.get(`${base}/items/:id/content`, (request, reply) => {
    const { id } = itemIn(context, request);
    const { caller } = enter(context, request);
    return reply.redirect(`${context.origin}/sandbox/downloads/${sign(context, `${caller.person.upn} ${id}`)}`);
  });
  // `root:/Folder/File:` is an item by its path, `items/ID:/File:` one below an item, and `…:/children` what is in it.
  app.get(`${base}/*`, (request) => {
    const { mailbox } = enter(context, request);
    const { '*': rest } = z.object({ '*': z.string() }).parse(request.params);
    const [, from = '', path = '', below = ''] = /^(root|items\/[^/:]+):\/([^:]*):?(.*)$/.exec(rest) ?? [];
    const parent = from === 'root' || from === `items/${ROOT_ID}` ? null : from.slice('items/'.length);
    const names = path.split('/').filter((name) => name !== '');
    const item = from === '' ? undefined : itemAt(mailbox, parent, names);
    if (item === undefined || !['', '/children'].includes(below)) {
      throw new GraphError(from === '' ? GRAPH_REFUSALS.resourceNotFound : GRAPH_REFUSALS.driveItemNotFound);
    }
    return below === '' ? presentItem(mailbox, item) : childrenOf(context, request, item.id);
  });
}

function itemAt(mailbox: Mailbox, parent: string | null, names: readonly string[]): StoredDriveItem | undefined {
  let found: StoredDriveItem | undefined;
  for (const name of names) {
    const parentId: string | null = found?.id ?? parent;
    found = mailbox.driveItems.all().find((item) => item.parentId === parentId && item.name === name);
    if (found === undefined) {
      return undefined;
    }
  }
  return found;
}

function childrenOf(context: GraphContext, request: FastifyRequest, parent: string | null): object {
  const { mailbox } = enter(context, request);
  const { select } = pageRequest(request, 'children', context.generation());
  const children = mailbox.driveItems.all().filter(({ parentId }) => parentId === parent);
  return { value: children.map((item) => selected(presentItem(mailbox, item), select)) };
}

/** As long as its size says. */
function contentOf({ name, size }: StoredDriveItem): Buffer {
  return Buffer.alloc(size, '.').fill(textOf(name), 0, Math.min(size, Buffer.byteLength(textOf(name))));
}

export function textOf(name: string): string {
  return `The content of ${name}\n`;
}

function sign({ world }: GraphContext, text: string): string {
  const mark = createHmac('sha256', world.secret).update(`download ${text}`).digest('base64url');
  return `${Buffer.from(text).toString('base64url')}.${mark}`;
}

/** What was signed, or `null` for what no one here has. */
function opened(context: GraphContext, request: FastifyRequest): string | null {
  const { signed } = z.object({ signed: z.string() }).parse(request.params);
  const text = Buffer.from(signed.split('.')[0] ?? '', 'base64url').toString();
  return sign(context, text) === signed ? text : null;
}

/** A drive comes with a license; guests and unlicensed people have none. */
function enter(context: GraphContext, request: FastifyRequest): { caller: Caller; mailbox: Mailbox } {
  const { drive } = z.object({ drive: z.string().optional() }).parse(request.params);
  const caller = mailboxCallerOf(context, request);
  if (drive !== undefined && drive !== driveId(caller.person.upn)) {
    throw new GraphError(GRAPH_REFUSALS.driveItemNotFound);
  }
  requirePermission(caller, 'files');
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
    path: new URL(request.url, context.origin).pathname.replace(/\(\)$/, ''),
    present: (item) => presentItem(mailbox, item),
    presentRemoved: (id) => ({ id, deleted: { state: 'deleted' } }),
  });
  // Every answer names the root as well.
  const value = z.object({ value: z.array(z.unknown()) }).parse(answer).value;
  return { ...answer, value: [presentRoot(mailbox), ...value] };
}

const ROOT_ID = '01ROOT';

/** Drive ids are opaque: knowing one does not reveal another. */
function driveId(upn: string): string {
  return `${DRIVE}${createHash('sha256').update(upn).digest('base64url').slice(0, 20)}`;
}

function presentDrive({ caller: { person } }: { readonly caller: Caller }): Record<string, unknown> {
  return {
    id: driveId(person.upn),
    driveType: 'business',
    name: 'OneDrive',
    owner: { user: { id: person.oid, displayName: person.name, email: person.upn } },
    quota: { total: QUOTA, used: 0, remaining: QUOTA, deleted: 0, state: 'normal' },
  };
}

const QUOTA = 1_099_511_627_776;

function presentRoot({ driveItems, upn }: Mailbox): Record<string, unknown> {
  const inRoot = driveItems.all().filter(({ parentId }) => parentId === null);
  return {
    id: ROOT_ID,
    name: 'root',
    size: driveItems.all().reduce((sum, { size }) => sum + size, 0),
    createdDateTime: '2026-11-20T16:30:00Z',
    lastModifiedDateTime: '2026-11-20T16:30:00Z',
    parentReference: { driveId: driveId(upn), driveType: 'business' },
    root: {},
    folder: { childCount: inRoot.length },
  };
}

function presentItem({ driveItems, upn }: Mailbox, item: StoredDriveItem): Record<string, unknown> {
  const { id, changeKey, modifiedAt, parentId, name, size, mimeType } = item;
  const childCount = driveItems.all().filter((each) => each.parentId === id).length;
  return {
    id,
    eTag: `"{${id}},${changeKey}"`,
    cTag: `"c:{${id}},${changeKey}"`,
    name,
    size,
    createdDateTime: modifiedAt,
    lastModifiedDateTime: modifiedAt,
    fileSystemInfo: { createdDateTime: modifiedAt, lastModifiedDateTime: modifiedAt },
    webUrl: `https://onedrive.example/${encodeURIComponent(name)}`,
    parentReference: { driveId: driveId(upn), driveType: 'business', id: parentId ?? ROOT_ID },
    ...(mimeType === null
      ? { folder: { childCount } }
      : { file: { mimeType, hashes: { quickXorHash: hashOf(item) } } }),
  };
}

/** Of items as they are kept: one that changes is another one. */
const hashes = new WeakMap<StoredDriveItem, string>();

function hashOf(item: StoredDriveItem): string {
  const hash = hashes.get(item) ?? quickXorHash(contentOf(item));
  hashes.set(item, hash);
  return hash;
}
