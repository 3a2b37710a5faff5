/** Content from outside: mailboxes of a size, single real items, the truth about a mailbox, changes to items. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { textOf } from '../graph/driveRoutes.ts';
import { folderId, newFolderId } from '../graph/folders.ts';
import type { Mailbox } from '../graph/mailbox.ts';
import { immutableId } from '../graph/mutableIds.ts';
import { isSeries } from '../graph/recurrence.ts';
import type { StoredContainer } from '../graph/stored.ts';
import { DEFAULT_TASK_LIST, DRIVE } from '../seed/generateOtherContent.ts';
import { readCalendar } from '../seed/readCalendar.ts';
import { readContacts } from '../seed/readContacts.ts';
import { readMessage } from '../seed/readMail.ts';
import type { ControlContext } from './controlContext.ts';
import { deleteItem, folderNamed, ItemPatch, occurrenceIn, patchItem } from './itemChanges.ts';
import { accountOf, ControlError } from './named.ts';

export function registerContent(app: FastifyInstance, context: ControlContext): void {
  const { world, mailboxes } = context;
  const ResetBody = z
    .strictObject({
      seed: z.string().default('assent'),
      messages: z.int().min(0).max(1_000_000).default(0),
      events: z.int().min(0).max(10_000).default(0),
      contacts: z.int().min(0).max(10_000).default(0),
    })
    .prefault({});
  app.post('/sandbox/control/reset', (request) => {
    const { seed, ...sizes } = ResetBody.parse(request.body ?? {});
    context.reset(seed, sizes);
    return { seed, ...sizes };
  });
  app.get('/sandbox/control/mailboxes/:upn', (request, reply) => {
    const { upn } = z.object({ upn: z.string() }).parse(request.params);
    return sendSnapshot(reply, mailboxes.of(accountOf(world, upn).person.upn));
  });
  registerDelivery(app, context);
  registerTasksAndFiles(app, context);
  registerContainers(app, context);
  registerItems(app, context);
}

function registerDelivery(app: FastifyInstance, { world, mailboxes, now }: ControlContext): void {
  const mailboxOf = (upn: string) => mailboxes.of(accountOf(world, upn).person.upn);
  const MessageBody = z.strictObject({ to: z.string(), eml: z.string(), folder: z.string().default('inbox') });
  app.post('/sandbox/control/messages', async (request) => {
    const { to, eml, folder } = MessageBody.parse(request.body);
    const mailbox = mailboxOf(to);
    const { message, key } = await readMessage(Buffer.from(eml, 'utf8'), folderNamed(mailbox, folder), now());
    const { id, internetMessageId } = mailbox.deliver(message, key);
    return { id, internetMessageId };
  });
  const EventBody = z.strictObject({ to: z.string(), ics: z.string(), calendar: z.string().optional() });
  app.post('/sandbox/control/events', async (request) => {
    const { to, ics, calendar } = EventBody.parse(request.body);
    const mailbox = mailboxOf(to);
    const { events } = await readCalendar(ics, now());
    const [first] = events.map((event) =>
      mailbox.deliverEvent({ ...event, calendar: calendar ?? event.calendar }, `event ${event.uid}`),
    );
    return { id: first?.id };
  });
  const ContactBody = z.strictObject({ to: z.string(), vcf: z.string(), folder: z.string().optional() });
  app.post('/sandbox/control/contacts', async (request) => {
    const { to, vcf, folder } = ContactBody.parse(request.body);
    const mailbox = mailboxOf(to);
    const { contacts } = await readContacts(vcf, now());
    const [first] = contacts.map(({ contact }) =>
      mailbox.deliverContact({ ...contact, container: folder ?? contact.container }),
    );
    return { id: first?.id };
  });
}

function registerTasksAndFiles(app: FastifyInstance, { world, mailboxes, now }: ControlContext): void {
  const mailboxOf = (upn: string) => mailboxes.of(accountOf(world, upn).person.upn);
  const TaskBody = z.strictObject({ to: z.string(), title: z.string(), list: z.string().default(DEFAULT_TASK_LIST) });
  app.post('/sandbox/control/tasks', (request) => {
    const { to, title, list } = TaskBody.parse(request.body);
    const mailbox = mailboxOf(to);
    const id = newId('AAkALgAAt', mailbox);
    const item = { ...created(id, list, now()), title, body: '', status: 'notStarted' as const, dueOn: null };
    mailbox.put({ kind: 'tasks', item });
    return { id };
  });
  const FileBody = z.strictObject({
    to: z.string(),
    name: z.string(),
    folder: z.string().nullable().default(null),
    isFolder: z.boolean().default(false),
  });
  app.post('/sandbox/control/files', (request) => {
    const { to, name, folder, isFolder } = FileBody.parse(request.body);
    const mailbox = mailboxOf(to);
    const id = newId('01FILE', mailbox);
    const mimeType = isFolder ? null : 'text/plain';
    mailbox.put({
      kind: 'driveItems',
      item: {
        ...created(id, DRIVE, now()),
        name,
        parentId: folder,
        size: isFolder ? 0 : Buffer.byteLength(textOf(name)),
        mimeType,
      },
    });
    return { id };
  });
}

function registerContainers(app: FastifyInstance, { world, mailboxes, now }: ControlContext): void {
  const Body = z.strictObject({
    to: z.string(),
    kind: z.enum(['mailFolders', 'calendars', 'contactFolders', 'taskLists']),
    name: z.string(),
    parent: z.string().optional(),
    isShared: z.boolean().default(false),
    wellKnownName: z.string().optional(),
  });
  app.post('/sandbox/control/containers', (request) => {
    const { to, kind, name, parent, isShared, wellKnownName } = Body.parse(request.body);
    const mailbox = mailboxes.of(accountOf(world, to).person.upn);
    const container = parent === undefined || kind !== 'mailFolders' ? (parent ?? '') : folderNamed(mailbox, parent);
    const id = kind === 'mailFolders' ? newFolderId(`${to} ${mailbox.sequence}`) : newId('AAMkAD', mailbox);
    const item: StoredContainer = {
      ...created(id, kind === 'mailFolders' && container === '' ? 'msgfolderroot' : container, now()),
      name,
      isShared,
      wellKnownName,
    };
    mailbox.put({ kind, item });
    return { id };
  });
}

function created(id: string, container: string, at: Date) {
  return { id, container, changeKey: 'made', modifiedAt: at.toISOString() };
}

function newId(prefix: string, mailbox: Mailbox): string {
  const name = createHash('sha256').update(`${mailbox.upn} ${mailbox.sequence}`).digest('base64url').slice(0, 24);
  return `${prefix}${name.replaceAll(/[-_]/g, 'x')}`;
}

function registerItems(app: FastifyInstance, { world, mailboxes, now }: ControlContext): void {
  const Params = z.object({ id: z.string() });
  const holding = (id: string) => {
    const mailbox = mailboxes.holding(occurrenceIn(id)?.masterId ?? id);
    if (mailbox === undefined) {
      throw new ControlError(404, `No mailbox in use holds the item ${id}`);
    }
    return mailbox;
  };
  app.patch('/sandbox/control/items/:id', (request) => {
    const id = immutableId(Params.parse(request.params).id);
    patchItem(holding(id), id, ItemPatch.parse(request.body), now());
    return { id };
  });
  /** From now on Graph says this of the item, in every answer; and the item has changed. */
  app.put('/sandbox/control/items/:id/graph', (request) => {
    const id = immutableId(Params.parse(request.params).id);
    const mailbox = holding(id);
    world.setOverlay(id, z.record(z.string(), z.unknown()).parse(request.body));
    patchItem(mailbox, id, {}, now());
    return { id };
  });
  app.delete('/sandbox/control/items/:id', (request) => {
    const id = immutableId(Params.parse(request.params).id);
    deleteItem(holding(id), id, now());
    return { id };
  });
}

/** Line by line, for a mailbox may hold a million messages. */
function sendSnapshot(reply: FastifyReply, mailbox: Mailbox): FastifyReply {
  function* lines(): Generator<string> {
    yield '{"messages":[';
    let separator = '';
    for (const { id, folder, subject, internetMessageId, changeKey } of mailbox.allMessages()) {
      yield separator + JSON.stringify({ id, folder: folderId(folder), subject, internetMessageId, changeKey });
      separator = ',\n';
    }
    const events = mailbox.events().map(({ id, subject, start, end, rule, added, changeKey, calendar }) => ({
      id,
      subject,
      start,
      end,
      isSeries: isSeries({ rule, added }),
      changeKey,
      calendar,
    }));
    const contacts = mailbox.contacts.all().map(({ id, displayName, emailAddresses, container, changeKey }) => ({
      id,
      displayName,
      emailAddresses,
      folder: container,
      changeKey,
    }));
    const tasks = mailbox.tasks
      .all()
      .map(({ id, title, container: list, changeKey }) => ({ id, title, list, changeKey }));
    const files = mailbox.driveItems
      .all()
      .map(({ id, name, parentId, changeKey }) => ({ id, name, parentId, changeKey }));
    yield `],"events":${JSON.stringify(events)},"contacts":${JSON.stringify(contacts)},`;
    yield `"tasks":${JSON.stringify(tasks)},"files":${JSON.stringify(files)}}`;
  }
  return reply.type('application/json').send(Readable.from(lines()));
}
