/** The control contract: what tests and curious people do to the sandbox from outside, under `/sandbox/control`. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { HOST_CLIENTS } from '../entra/registration.ts';
import type { TokenIssuer } from '../entra/tokens.ts';
import { findFolderNamed, folderId } from '../graph/folders.ts';
import type { Mailbox, Mailboxes } from '../graph/mailboxes.ts';
import { readCalendar } from '../seed/readCalendar.ts';
import { readMessage, UnreadableFileError } from '../seed/readMail.ts';
import type { World } from '../world/world.ts';
import { registerEntraControl } from './entraControl.ts';
import { Fault, type FaultScript } from './faults.ts';
import { accountOf, ControlError } from './named.ts';
import type { RequestLog } from './requestLog.ts';

export interface ControlContext {
  readonly world: World;
  readonly mailboxes: Mailboxes;
  readonly tokens: TokenIssuer;
  readonly faults: FaultScript;
  readonly log: RequestLog;
  readonly now: () => Date;
  reset(seed: string, sizes: { messages: number; events: number }): void;
}

export function registerControl(app: FastifyInstance, context: ControlContext): void {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ControlError) {
      return reply.code(error.status).send({ error: error.message });
    }
    if (error instanceof z.ZodError || error instanceof UnreadableFileError) {
      return reply.code(400).send({ error: error.message });
    }
    throw error;
  });
  registerPeople(app, context);
  registerContent(app, context);
  registerEntraControl(app, context.world);
  registerFaults(app, context);
}

function registerPeople(app: FastifyInstance, { world, tokens }: ControlContext): void {
  app.get('/sandbox/control/people', () => ({
    tenants: world.tenants().map((tenant) => ({
      id: tenant.id,
      domain: tenant.domain,
      name: tenant.name,
      consentPolicy: tenant.policy,
      people: tenant.people.map(({ oid, upn, name, roles, mailbox }) => ({ oid, upn, name, roles, mailbox })),
    })),
  }));
  const TokenBody = z.strictObject({
    as: z.string(),
    audience: z.enum(['api', 'graph']).default('api'),
    claims: z.record(z.string(), z.unknown()).default({}),
    header: z.record(z.string(), z.unknown()).default({}),
  });
  app.post('/sandbox/control/token', (request) => {
    const { as, audience, claims, header } = TokenBody.parse(request.body);
    const { tenant, person } = accountOf(world, as);
    const base =
      audience === 'graph' ? tokens.graphToken(tenant, person) : tokens.apiToken(tenant, person, HOST_CLIENTS.teams);
    const changed = Object.fromEntries(Object.entries({ ...base, ...claims }).filter(([, value]) => value !== null));
    const seconds = typeof changed['exp'] === 'number' ? changed['exp'] : 0;
    return { token: tokens.sign(changed, header), expiresAt: new Date(seconds * 1000).toISOString() };
  });
}

function registerContent(app: FastifyInstance, context: ControlContext): void {
  const { world, mailboxes } = context;
  const ResetBody = z
    .strictObject({
      seed: z.string().default('assent'),
      messages: z.int().min(0).max(1_000_000).default(0),
      events: z.int().min(0).max(10_000).default(0),
      contacts: z.int().min(0).optional(),
    })
    .prefault({});
  app.post('/sandbox/control/reset', (request) => {
    const { seed, messages, events } = ResetBody.parse(request.body ?? {});
    context.reset(seed, { messages, events });
    return { seed, messages, events };
  });
  const MessageBody = z.strictObject({ to: z.string(), eml: z.string(), folder: z.string().default('inbox') });
  app.post('/sandbox/control/messages', async (request) => {
    const { to, eml, folder } = MessageBody.parse(request.body);
    const { person } = accountOf(world, to);
    const { message, key } = await readMessage(Buffer.from(eml, 'utf8'), folderNamed(folder));
    const { id, internetMessageId } = mailboxes.of(person.upn).deliver(message, key);
    return { id, internetMessageId };
  });
  const EventBody = z.strictObject({ to: z.string(), ics: z.string() });
  app.post('/sandbox/control/events', (request) => {
    const { to, ics } = EventBody.parse(request.body);
    const { person } = accountOf(world, to);
    const mailbox = mailboxes.of(person.upn);
    const [first] = readCalendar(ics).map((event) => mailbox.deliverEvent(event, `event ${event.uid}`));
    return { id: first?.id };
  });
  app.get('/sandbox/control/mailboxes/:upn', (request, reply) => {
    const { upn } = z.object({ upn: z.string() }).parse(request.params);
    return sendTruth(reply, mailboxes.of(accountOf(world, upn).person.upn));
  });
  registerItems(app, mailboxes);
}

function registerItems(app: FastifyInstance, mailboxes: Mailboxes): void {
  const Params = z.object({ id: z.string() });
  const Patch = z.strictObject({
    subject: z.string().optional(),
    folder: z.string().optional(),
    isRead: z.boolean().optional(),
    start: z.iso.datetime().optional(),
    end: z.iso.datetime().optional(),
    excluded: z.array(z.iso.datetime()).optional(),
  });
  const holding = (id: string) => {
    const mailbox = mailboxes.holding(occurrenceIn(id)?.masterId ?? id);
    if (mailbox === undefined) {
      throw new ControlError(404, `No mailbox in use holds the item ${id}`);
    }
    return mailbox;
  };
  app.patch('/sandbox/control/items/:id', (request) => {
    const { id } = Params.parse(request.params);
    const occurrence = occurrenceIn(id);
    const patch = Patch.parse(request.body);
    if (occurrence === null) {
      patchItem(holding(id), id, patch);
    } else {
      changeOccurrence(holding(id), occurrence, patch);
    }
    return { id };
  });
  app.delete('/sandbox/control/items/:id', (request) => {
    const { id } = Params.parse(request.params);
    const occurrence = occurrenceIn(id);
    if (occurrence === null) {
      holding(id).remove(id);
    } else {
      changeOccurrence(holding(id), occurrence, 'deleted');
    }
    return { id };
  });
}

interface OccurrenceName {
  readonly masterId: string;
  /** When the series has it, whatever became of it since. */
  readonly originalStart: string;
}

/** Occurrences have the id of their series and the minute of their original start. */
function occurrenceIn(id: string): OccurrenceName | null {
  const match = /^(.+)\.(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(id);
  if (match === null) {
    return null;
  }
  const [, masterId = '', year = '', month = '', day = '', hour = '', minute = ''] = match;
  return { masterId, originalStart: `${year}-${month}-${day}T${hour}:${minute}:00.000Z` };
}

/** One occurrence of a series is changed or deleted; the others stay. */
function changeOccurrence(
  mailbox: Mailbox,
  { masterId, originalStart }: OccurrenceName,
  change: ItemPatch | 'deleted',
): void {
  const master = mailbox.event(masterId);
  if (master === null) {
    throw new ControlError(404, `There is no series ${masterId}`);
  }
  const changeKey = `change${mailbox.sequence + 1}`;
  if (change === 'deleted') {
    mailbox.changeEvent({ ...master, changeKey, excluded: [...master.excluded, originalStart] });
    return;
  }
  const length = Date.parse(master.end) - Date.parse(master.start);
  const before = master.exceptions[originalStart];
  const start = change.start ?? before?.start ?? originalStart;
  const end = change.end ?? new Date(Date.parse(start) + length).toISOString();
  const exception = { subject: change.subject ?? before?.subject ?? master.subject, start, end };
  mailbox.changeEvent({ ...master, changeKey, exceptions: { ...master.exceptions, [originalStart]: exception } });
}

interface ItemPatch {
  readonly subject?: string | undefined;
  readonly folder?: string | undefined;
  readonly isRead?: boolean | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly excluded?: string[] | undefined;
}

function patchItem(mailbox: Mailbox, id: string, patch: ItemPatch): void {
  const changeKey = `change${mailbox.sequence + 1}`;
  const message = mailbox.message(id);
  if (message !== null) {
    mailbox.changeMessage({
      ...message,
      changeKey,
      subject: patch.subject ?? message.subject,
      isRead: patch.isRead ?? message.isRead,
      folder: patch.folder === undefined ? message.folder : folderNamed(patch.folder),
    });
    return;
  }
  const event = mailbox.event(id);
  if (event !== null) {
    mailbox.changeEvent({
      ...event,
      changeKey,
      subject: patch.subject ?? event.subject,
      start: patch.start ?? event.start,
      end: patch.end ?? event.end,
      excluded: patch.excluded?.map((at) => new Date(at).toISOString()) ?? event.excluded,
    });
  }
}

/** Line by line, for a mailbox may hold a million messages. */
function sendTruth(reply: FastifyReply, mailbox: Mailbox): FastifyReply {
  function* lines(): Generator<string> {
    yield '{"messages":[';
    let separator = '';
    for (const { id, folder, subject, internetMessageId, changeKey } of mailbox.allMessages()) {
      yield separator + JSON.stringify({ id, folder: folderId(folder), subject, internetMessageId, changeKey });
      separator = ',\n';
    }
    const events = mailbox.events().map(({ id, subject, start, end, rule, changeKey }) => ({
      id,
      subject,
      start,
      end,
      isSeries: rule !== null,
      changeKey,
    }));
    yield `],"events":${JSON.stringify(events)},"contacts":[]}`;
  }
  return reply.type('application/json').send(Readable.from(lines()));
}

function registerFaults(app: FastifyInstance, { faults, log }: ControlContext): void {
  app.post('/sandbox/control/faults', (request) => {
    const script = z.array(Fault).parse(request.body);
    faults.add(script);
    return { faults: script.length };
  });
  app.delete('/sandbox/control/faults', () => {
    faults.clear();
    return {};
  });
  app.get('/sandbox/control/requests', (request) => {
    const { since } = z.object({ since: z.coerce.number().int().default(0) }).parse(request.query);
    return log.since(since);
  });
}

function folderNamed(text: string): string {
  const folder = findFolderNamed(text);
  if (folder === undefined) {
    throw new ControlError(400, `There is no folder ${text}`);
  }
  return folder.name;
}
