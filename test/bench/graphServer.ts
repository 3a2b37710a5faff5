/**
 * Graph as fast as it can be: one folder of messages in pages that were made beforehand, in a process of its own, so
 * that the client's time is measured and not the server's. `LATENCY` milliseconds pass before every answer.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const COUNT = Number(process.env['COUNT'] ?? 5_000);
const LATENCY = Number(process.env['LATENCY'] ?? 0);
const PAGE = 200;
/** A larger mailbox is made page by page: what is measured over it is memory and not speed. */
const MAX_PREGENERATED = 50_000;
const BODY = 'A line of an ordinary message, as long as lines are. '.repeat(20);

function message(index: number): Record<string, unknown> {
  const at = new Date(Date.parse('2026-11-20T16:30:00Z') - index * 60_000).toISOString();
  const person = (name: string) => ({ emailAddress: { name, address: `${name}@quillworks.example` } });
  return {
    id: `AAkALgAAbench${index}`,
    changeKey: `key${index}`,
    createdDateTime: at,
    lastModifiedDateTime: at,
    receivedDateTime: at,
    sentDateTime: at,
    subject: `Message ${index}`,
    from: person('nora'),
    sender: person('nora'),
    toRecipients: [person('mara')],
    ccRecipients: [],
    bccRecipients: [],
    internetMessageId: `<${index}@bench.example>`,
    conversationId: `conversation${index % 1_000}`,
    isDraft: false,
    hasAttachments: false,
    body: { contentType: 'text', content: BODY },
  };
}

/** Pages by what they hold: whole messages, or their ids alone. */
function pageOf(kind: 'whole' | 'ids', page: number): string {
  const path = `${origin}/v1.0/me/mailFolders/inbox/messages/delta?kind=${kind}`;
  const from = page * PAGE;
  const limit = Math.min(COUNT, from + PAGE);
  const entries = Array.from({ length: limit - from }, (_, index) => {
    const whole = message(from + index);
    return JSON.stringify(kind === 'whole' ? whole : { id: whole['id'] });
  });
  const isLast = limit === COUNT;
  const link = isLast ? `"@odata.deltaLink":"${path}&page=end"` : `"@odata.nextLink":"${path}&page=${page + 1}"`;
  return `{"value":[${entries.join(',')}],${link}}`;
}

function pagesOf(kind: 'whole' | 'ids'): readonly string[] {
  return Array.from({ length: Math.ceil(COUNT / PAGE) }, (_, page) => pageOf(kind, page));
}

let texts: readonly string[] = [];
let pages: Readonly<Record<'whole' | 'ids', readonly string[]>> = { whole: [], ids: [] };
/** Messages that came since everything was read. */
let arrived: string[] = [];

function endOf(): string {
  const link = `${origin}/v1.0/me/mailFolders/inbox/messages/delta?page=end`;
  const answer = `{"value":[${arrived.join(',')}],"@odata.deltaLink":"${link}"}`;
  arrived = [];
  return answer;
}

/** One item of another category, as small as they usually are. */
function other(path: string, index: number): Record<string, unknown> {
  const lastModifiedDateTime = '2026-11-20T16:30:00Z';
  const id = `AAkALgAAother${index}`;
  const common = { id, changeKey: `key${index}`, createdDateTime: lastModifiedDateTime, lastModifiedDateTime };
  if (path.includes('calendarView')) {
    const day = new Date(Date.now() + (index - COUNT / 2) * 3_600_000).toISOString().slice(0, 19);
    const time = { dateTime: day, timeZone: 'UTC' };
    const organizer = { emailAddress: { name: 'nora', address: 'nora@quillworks.example' } };
    const body = { contentType: 'text', content: BODY };
    const what = { type: 'singleInstance', subject: `Event ${index}`, isAllDay: false, attendees: [] };
    return { ...common, ...what, start: time, end: time, organizer, body };
  }
  if (path.includes('contacts')) {
    const emailAddresses = [{ name: `Person ${index}`, address: `person${index}@quillworks.example` }];
    const names = { displayName: `Person ${index}`, givenName: 'Person', surname: String(index) };
    const work = { companyName: null, jobTitle: null };
    const phones = { businessPhones: ['+1 555 0100'], homePhones: [], mobilePhone: null };
    return { ...common, ...names, ...work, ...phones, emailAddresses };
  }
  if (path.includes('todo')) {
    const body = { contentType: 'text', content: BODY.slice(0, 200) };
    const what = { title: `Task ${index}`, status: 'notStarted', importance: 'normal', body };
    return { ...common, '@odata.etag': `key${index}`, ...what };
  }
  const what = { name: `file ${index}.txt`, size: index, file: { mimeType: 'text/plain' }, parentReference: {} };
  return { ...common, eTag: `key${index}`, ...what, webUrl: `https://drive.example/${index}` };
}

/** Pages of another category, by `page`; a delta ends with its link, a list does not. */
function otherPage(url: URL): string {
  const page = url.searchParams.get('page');
  const isDelta = url.pathname.endsWith('/delta');
  const path = `${url.origin}${url.pathname}`;
  if (page === 'end') {
    return `{"value":[],"@odata.deltaLink":"${path}?page=end"}`;
  }
  const from = Number(page ?? 0) * PAGE;
  const limit = Math.min(COUNT, from + PAGE);
  const entries = Array.from({ length: limit - from }, (_, index) => JSON.stringify(other(url.pathname, from + index)));
  const next = limit < COUNT ? `,"@odata.nextLink":"${path}?page=${from / PAGE + 1}"` : '';
  const last = limit >= COUNT && isDelta ? `,"@odata.deltaLink":"${path}?page=end"` : '';
  return `{"value":[${entries.join(',')}]${next}${last}}`;
}

/** The one container that every list has. */
const LISTS: Readonly<Record<string, string>> = {
  '/v1.0/me/calendars': '{"value":[{"id":"default","name":"Calendar","canShare":true}]}',
  '/v1.0/me/todo/lists': '{"value":[{"id":"tasks","displayName":"Tasks","isOwner":true}]}',
};

function answerOf(url: URL, body: string): { readonly status: number; readonly text: string } {
  if (url.pathname === '/v1.0/$batch') {
    const { requests } = JSON.parse(body);
    const parts = Object(requests).map(({ id, url: path }: { id: string; url: string }) => {
      const text = texts[Number(/bench(\d+)/.exec(path)?.[1])];
      return text === undefined
        ? `{"id":"${id}","status":404,"body":{}}`
        : `{"id":"${id}","status":200,"body":${text}}`;
    });
    return { status: 200, text: `{"responses":[${parts.join(',')}]}` };
  }
  if (url.pathname.endsWith('/mailFolders/delta')) {
    const link = `"@odata.deltaLink":"${url.origin}/v1.0/me/mailFolders/delta?page=end"`;
    const folder = `{"id":"inbox","displayName":"Inbox","parentFolderId":"root","totalItemCount":${COUNT}}`;
    return { status: 200, text: `{"value":[${url.searchParams.has('page') ? '' : folder}],${link}}` };
  }
  if (url.pathname.endsWith('/messages/delta')) {
    const kind = url.searchParams.get('kind') === 'ids' ? 'ids' : 'whole';
    const page = url.searchParams.get('page') ?? '0';
    return { status: 200, text: page === 'end' ? endOf() : (pages[kind][Number(page)] ?? pageOf(kind, Number(page))) };
  }
  if (url.pathname === '/change') {
    arrived.push(JSON.stringify(message(COUNT + changes)));
    changes += 1;
    return { status: 202, text: '' };
  }
  const list = LISTS[url.pathname];
  if (list !== undefined) {
    return { status: 200, text: list };
  }
  if (url.pathname.endsWith('/contactFolders/delta')) {
    return { status: 200, text: `{"value":[],"@odata.deltaLink":"${url.origin}${url.pathname}?page=end"}` };
  }
  if (/calendarView|\/contacts\/|\/todo\/|\/drive\//.test(url.pathname)) {
    return { status: 200, text: otherPage(url) };
  }
  return { status: 404, text: '{"error":{"code":"ResourceNotFound","message":"Not here."}}' };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) {
    parts.push(Buffer.from(part));
  }
  return Buffer.concat(parts).toString('utf8');
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const { status, text } = answerOf(new URL(request.url ?? '/', origin), body);
  if (LATENCY > 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, LATENCY);
    });
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}

let origin = '';
let changes = 0;
const server = createServer((request, response) => {
  void handle(request, response);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  if (COUNT <= MAX_PREGENERATED) {
    texts = Array.from({ length: COUNT }, (_, index) => JSON.stringify(message(index)));
    pages = { whole: pagesOf('whole'), ids: pagesOf('ids') };
  }
  process.send?.({ origin });
});
