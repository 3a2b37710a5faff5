/**
 * Mail folders and messages.
 *
 * Source  "mailFolder: delta", "message: delta", "List messages", "Get message" (learn.microsoft.com/graph).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Caller, requirePermission, requireMailboxAccess, has, mailboxCallerOf, mailboxPath } from './access.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import { findFolder, type Folder, folderId } from './folders.ts';
import type { GraphContext } from './graphContext.ts';
import type { Mailbox } from './mailbox.ts';
import { type Cursor, link, pageRequest, selected } from './paging.ts';
import { presentAttachments, presentMessage } from './presentItems.ts';
import { SendMail, sentMessage } from './sendMail.ts';
import type { StoredMessage } from './stored.ts';

const CONTEXT = 'https://graph.microsoft.com/v1.0/$metadata#Collection';

export function registerMail(app: FastifyInstance, context: GraphContext): void {
  for (const mailbox of ['/v1.0/me', '/v1.0/users/:mailbox']) {
    registerMailOf(app, context, mailbox);
  }
}

function registerMailOf(app: FastifyInstance, context: GraphContext, mailbox: string): void {
  app.get(`${mailbox}/mailFolders`, (request) => {
    const { mailbox: held } = enter(context, request);
    const { select } = pageRequest(request, 'list', context.generation());
    return {
      '@odata.context': `${CONTEXT}(mailFolder)`,
      value: held.folders().map((folder) => presentFolder(held, folder, select)),
    };
  });
  for (const path of [`${mailbox}/mailFolders/delta`, `${mailbox}/mailFolders/delta()`]) {
    app.get(path, (request) => folderDelta(context, request));
  }
  app.get(`${mailbox}/mailFolders/:folder`, (request) => {
    const { mailbox: held } = enter(context, request);
    return presentFolder(held, folderIn(request, held), pageRequest(request, 'folder', context.generation()).select);
  });
  for (const path of [
    `${mailbox}/mailFolders/:folder/messages/delta`,
    `${mailbox}/mailFolders/:folder/messages/delta()`,
  ]) {
    app.get(path, (request) => messageDelta(context, request));
  }
  app.get(`${mailbox}/mailFolders/:folder/messages`, (request) => listMessages(context, request));
  app.get(`${mailbox}/messages`, (request) => findMessages(context, request));
  app.get(`${mailbox}/messages/:id`, (request) => {
    const { mailbox: held, caller } = enter(context, request);
    const { id } = z.object({ id: z.string() }).parse(request.params);
    const message = held.message(id);
    if (message === null) {
      throw new GraphError(GRAPH_REFUSALS.itemNotFound);
    }
    const { select } = pageRequest(request, 'message', context.generation());
    return selected(presentMessage(message, has(caller, 'mailBody')), select);
  });
  app.post(`${mailbox}/sendMail`, (request, reply) => sendMail(context, request, reply));
  app.get(`${mailbox}/messages/:id/attachments`, (request) => {
    const { mailbox: held, caller } = enter(context, request);
    requirePermission(caller, 'mailBody');
    const message = held.message(z.object({ id: z.string() }).parse(request.params).id);
    if (message === null) {
      throw new GraphError(GRAPH_REFUSALS.itemNotFound);
    }
    const { select } = pageRequest(request, 'attachments', context.generation());
    return {
      '@odata.context': `${CONTEXT}(attachment)`,
      value: presentAttachments(message).map((attachment) => selected(attachment, select)),
    };
  });
}

/** What was sent lies in Sent Items, unless the request says otherwise. */
function sendMail(context: GraphContext, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const caller = mailboxCallerOf(context, request);
  requirePermission(caller, 'sendMail');
  requireMailboxAccess(caller);
  const body = SendMail.safeParse(request.body);
  if (!body.success) {
    throw new GraphError(GRAPH_REFUSALS.badRequest);
  }
  const { message, saveToSentItems } = body.data;
  if (saveToSentItems) {
    const { person } = caller;
    const mailbox = context.mailboxes.of(person.upn);
    const sent = sentMessage(message, { name: person.name, address: person.upn }, mailbox.sequence, context.now());
    mailbox.deliver(sent, sent.id);
  }
  return reply.code(202).send();
}

function enter(context: GraphContext, request: FastifyRequest): { caller: Caller; mailbox: Mailbox } {
  const caller = mailboxCallerOf(context, request);
  requirePermission(caller, 'mail');
  requireMailboxAccess(caller);
  return { caller, mailbox: context.mailboxes.of(caller.person.upn) };
}

function folderIn(request: FastifyRequest, mailbox: Mailbox): Folder {
  const { folder: text } = z.object({ folder: z.string() }).parse(request.params);
  const folder = findFolder(mailbox.folders(), text);
  if (folder === undefined) {
    throw new GraphError(GRAPH_REFUSALS.itemNotFound);
  }
  return folder;
}

function presentFolder(mailbox: Mailbox, folder: Folder, select: string): object {
  const count = mailbox.count(folder.name);
  return selected(
    {
      id: folderId(folder.name),
      displayName: folder.displayName,
      parentFolderId: folderId(folder.parent ?? 'msgfolderroot'),
      childFolderCount: mailbox.folders().filter(({ parent }) => parent === folder.name).length,
      unreadItemCount: 0,
      totalItemCount: count,
      isHidden: false,
    },
    select,
  );
}

/** A folder comes when it or what is in it has changed, for its counts are properties as well. */
function folderDelta(context: GraphContext, request: FastifyRequest): object {
  const { mailbox } = enter(context, request);
  const { cursor, select } = pageRequest(request, 'folders', context.generation());
  const after = mailbox.sequence;
  const made = cursor === null ? [] : mailbox.mailFolders.changes(null, cursor.after);
  const changed = ({ name }: Folder) =>
    cursor === null || made.some(({ id }) => id === name) || mailbox.messageChanges(name, cursor.after).length > 0;
  const removed = made.flatMap(({ id, item }) => (item === null ? [{ id, '@removed': { reason: 'deleted' } }] : []));
  const next: Cursor = { of: 'folders', generation: context.generation(), select, after };
  return {
    '@odata.context': `${CONTEXT}(mailFolder)`,
    value: [
      ...mailbox
        .folders()
        .filter(changed)
        .map((folder) => presentFolder(mailbox, folder, select)),
      ...removed,
    ],
    '@odata.deltaLink': link(context.origin, `${mailboxPath(request)}/mailFolders/delta`, '$deltatoken', next),
  };
}

/** What a request wants of each message, as far as the caller may have it. */
function presenter(caller: Caller, select: string, expand: string): (message: StoredMessage) => object {
  const withBody = has(caller, 'mailBody');
  const withAttachments = withBody && expand.startsWith('attachments');
  return (message) => ({
    ...selected(presentMessage(message, withBody), select),
    ...(withAttachments ? { attachments: presentAttachments(message) } : {}),
  });
}

function messageDelta(context: GraphContext, request: FastifyRequest): object {
  const { mailbox, caller } = enter(context, request);
  const folder = folderIn(request, mailbox);
  const of = `messages ${folder.name}`;
  const { cursor, select, expand, limit } = pageRequest(request, of, context.generation());
  const path = `${mailboxPath(request)}/mailFolders/${folderId(folder.name)}/messages/delta`;
  const base = { of, generation: context.generation(), select, expand };
  const present = presenter(caller, select, expand);
  if (cursor === null || cursor.position !== undefined) {
    const after = cursor?.after ?? mailbox.sequence;
    const page = mailbox.messagesFrom(folder.name, cursor?.position ?? 0, limit, after);
    const links =
      page.next === null
        ? { '@odata.deltaLink': link(context.origin, path, '$deltatoken', { ...base, after }) }
        : { '@odata.nextLink': link(context.origin, path, '$skiptoken', { ...base, after, position: page.next }) };
    return { '@odata.context': `${CONTEXT}(message)`, value: page.messages.map(present), ...links };
  }
  return changesSince(context, mailbox, folder, { ...base, after: cursor.after }, limit, path, present);
}

function changesSince(
  context: GraphContext,
  mailbox: Mailbox,
  folder: Folder,
  cursor: Cursor,
  limit: number,
  path: string,
  present: (message: StoredMessage) => object,
): object {
  const changes = [...mailbox.messageChanges(folder.name, cursor.after)].sort((a, b) => a.sequence - b.sequence);
  const page = changes.slice(0, limit);
  const isLast = page.length === changes.length;
  const after = isLast ? mailbox.sequence : (page.at(-1)?.sequence ?? cursor.after);
  const value = page.map(({ id }) => {
    const message = mailbox.message(id);
    return message?.folder === folder.name
      ? present(message)
      : { id, '@removed': { reason: message === null ? 'deleted' : 'changed' } };
  });
  const next = link(context.origin, path, isLast ? '$deltatoken' : '$skiptoken', { ...cursor, after });
  return {
    '@odata.context': `${CONTEXT}(message)`,
    value,
    [isLast ? '@odata.deltaLink' : '@odata.nextLink']: next,
  };
}

/** All messages, newest first, or of the filters that Graph knows the one by internet message id. */
function findMessages(context: GraphContext, request: FastifyRequest): object {
  const { mailbox, caller } = enter(context, request);
  const { $filter: filter = '' } = z.object({ $filter: z.string().optional() }).parse(request.query);
  const { select, limit } = pageRequest(request, 'search', context.generation());
  const withBody = has(caller, 'mailBody');
  if (filter === '') {
    const { messages } = mailbox.messagesFrom('inbox', 0, limit, mailbox.sequence);
    return {
      '@odata.context': `${CONTEXT}(message)`,
      value: messages.map((message) => selected(presentMessage(message, withBody), select)),
    };
  }
  // A quote inside is written twice.
  const wanted = /^internetMessageId eq '((?:[^']|'')*)'$/.exec(filter)?.[1]?.replaceAll("''", "'");
  if (wanted === undefined) {
    throw new GraphError(GRAPH_REFUSALS.badRequest);
  }
  const found = mailbox.findByInternetMessageId(wanted).slice(0, limit);
  return {
    '@odata.context': `${CONTEXT}(message)`,
    value: found.map((message) => selected(presentMessage(message, withBody), select)),
  };
}

function listMessages(context: GraphContext, request: FastifyRequest): object {
  const { mailbox, caller } = enter(context, request);
  const folder = folderIn(request, mailbox);
  const of = `list ${folder.name}`;
  const { cursor, select, limit } = pageRequest(request, of, context.generation());
  const after = cursor?.after ?? mailbox.sequence;
  const page = mailbox.messagesFrom(folder.name, cursor?.position ?? 0, limit, after);
  const path = `${mailboxPath(request)}/mailFolders/${folderId(folder.name)}/messages`;
  const next: Cursor = { of, generation: context.generation(), select, after, position: page.next ?? 0 };
  return {
    '@odata.context': `${CONTEXT}(message)`,
    value: page.messages.map((message) => selected(presentMessage(message, has(caller, 'mailBody')), select)),
    ...(page.next === null ? {} : { '@odata.nextLink': link(context.origin, path, '$skiptoken', next) }),
  };
}
