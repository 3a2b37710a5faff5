/**
 * Generated content: the same seed gives the same mailbox, byte for byte, message by message.
 *
 * Every message is computed from seed, mailbox and index, so that a million of them need no memory.
 */
import { createHash } from 'node:crypto';
import { type Address, type StoredEvent, type StoredMessage, USUAL } from '../graph/stored.ts';

/** Generated mail ends here and goes back in time, so that the same seed gives the same bytes on any day. */
const NEWEST = Date.parse('2026-11-20T16:30:00Z');
const SPACING_MILLISECONDS = 47 * 60_000;

const CORRESPONDENTS: readonly Address[] = [
  { name: 'Nora Whitfield', address: 'nora.whitfield@quillworks.example' },
  { name: 'Jonas Keller', address: 'jonas.keller@altenbach.example' },
  { name: 'Amara Diallo', address: 'amara.diallo@sahelbank.example' },
  { name: 'Tom Whitaker', address: 'tom.whitaker@harborreed.example' },
  { name: 'Owen Park', address: 'owen.park@harborreed.example' },
  { name: 'Yuki Tanaka', address: 'yuki.tanaka@morikawa.example' },
];

const SUBJECTS = [
  'Shortlist for the finance director role',
  'Interview times next week',
  'Your notes on the second round',
  'Contract draft, please comment',
  'Reference for the operations lead',
  'Lunch on Thursday?',
  'Board feedback',
  'Quarterly review of open searches',
] as const;

const BODIES = [
  'Thank you for the call this morning. I attach nothing yet, but will send the notes tonight.',
  'Could we move this by half an hour? The client asked for a little more time.',
  'The candidate confirmed. Please book the small room and let the panel know.',
  'I read the draft twice and have two questions about the notice period.',
] as const;

/** Of a hundred messages: how many are in which folder. */
const SHARES: readonly (readonly [folder: string, upTo: number])[] = [
  ['inbox', 58],
  ['sentitems', 82],
  ['clients', 92],
  ['archive', 96],
  ['deleteditems', 98],
  ['junkemail', 100],
];

export function generatedFolder(seed: string, upn: string, index: number): string {
  const share = digest(seed, upn, index).readUInt8(0) % 100;
  return SHARES.find(([, upTo]) => share < upTo)?.[0] ?? 'inbox';
}

export function generatedCount(seed: string, upn: string, messages: number, folder: string): number {
  let count = 0;
  for (let index = 0; index < messages; index += 1) {
    count += Number(generatedFolder(seed, upn, index) === folder);
  }
  return count;
}

export function generateMessage(seed: string, upn: string, index: number): StoredMessage {
  const chance = digest(seed, upn, index);
  const folder = generatedFolder(seed, upn, index);
  const other = pick(CORRESPONDENTS, chance.readUInt8(1));
  const self: Address = { name: nameOf(upn), address: upn };
  const isSent = folder === 'sentitems';
  const at = new Date(NEWEST - index * SPACING_MILLISECONDS).toISOString().replace('.000Z', 'Z');
  return {
    id: generatedId(seed, upn, index),
    changeKey: chance.toString('base64').slice(0, 16),
    folder,
    subject: pick(SUBJECTS, chance.readUInt8(2)),
    from: isSent ? self : other,
    to: [isSent ? other : self],
    cc: chance.readUInt8(3) % 4 === 0 ? [pick(CORRESPONDENTS, chance.readUInt8(4))] : [],
    bcc: [],
    receivedAt: at,
    sentAt: at,
    internetMessageId: `<${chance.toString('hex').slice(0, 24)}@seed.example>`,
    conversationId: `AAQk${chance.toString('base64url').slice(0, 20)}`,
    bodyType: 'text',
    body: pick(BODIES, chance.readUInt8(5)),
    hasAttachments: chance.readUInt8(7) % 8 === 0,
    isRead: chance.readUInt8(6) % 3 !== 0,
    isDraft: false,
    attachments: attachmentsOf(chance),
    replyTo: [],
    importance: chance.readUInt8(11) % 16 === 0 ? 'high' : 'normal',
    categories: chance.readUInt8(12) % 10 === 0 ? ['Follow up'] : [],
  };
}

function attachmentsOf(chance: Buffer): StoredMessage['attachments'] {
  const name = `${pick(SUBJECTS, chance.readUInt8(8))
    .replace(/[^a-z]+/gi, ' ')
    .trim()}.pdf`;
  const id = `AAkAtt${chance.toString('hex').slice(0, 16)}`;
  const attachment = {
    id,
    name,
    contentType: 'application/pdf',
    size: 20_000 + chance.readUInt16BE(9),
    isInline: false,
  };
  return chance.readUInt8(7) % 8 === 0 ? [attachment] : [];
}

/** Single events around the seed's date, and every tenth a weekly series. */
export function generateEvents(seed: string, upn: string, count: number): readonly StoredEvent[] {
  return Array.from({ length: count }, (_, index) => generateEvent(seed, upn, index, count));
}

function generateEvent(seed: string, upn: string, index: number, count: number): StoredEvent {
  const chance = digest(seed, `${upn} calendar`, index);
  const day = (index - Math.floor(count / 2)) * 86_400_000;
  const hour = (8 + (chance.readUInt8(0) % 9)) * 3_600_000;
  const start = Math.floor(NEWEST / 86_400_000) * 86_400_000 + day + hour;
  const isSeries = index % 10 === 9;
  const other = pick(CORRESPONDENTS, chance.readUInt8(1));
  return {
    id: `AAkALgAAe${chance.toString('hex').slice(0, 20)}`,
    changeKey: chance.toString('base64').slice(0, 16),
    uid: chance.toString('hex'),
    subject: isSeries ? 'Weekly search review' : pick(SUBJECTS, chance.readUInt8(2)),
    body: pick(BODIES, chance.readUInt8(3)),
    location: chance.readUInt8(4) % 2 === 0 ? 'Small meeting room' : '',
    organizer: { name: nameOf(upn), address: upn },
    attendees: [{ ...other, type: 'required' }],
    start: new Date(start).toISOString(),
    end: new Date(start + 45 * 60_000).toISOString(),
    isAllDay: false,
    rule: isSeries ? 'FREQ=WEEKLY;COUNT=12' : null,
    ...USUAL,
    excluded: [],
    exceptions: {},
    added: [],
    calendar: 'AAMkADcalendarAAA',
  };
}

function nameOf(upn: string): string {
  const [local = ''] = upn.split('@');
  return local
    .split('.')
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
    .join(' ');
}

function pick<T>(list: readonly [T, ...T[]] | readonly T[], chance: number): T {
  const picked = list[chance % list.length];
  if (picked === undefined) {
    throw new Error('Nothing to pick from');
  }
  return picked;
}

function digest(seed: string, name: string, index: number): Buffer {
  return createHash('sha256').update(`${seed}/${name}/${index}`).digest();
}

/** Ids of generated messages hold their index, so that one can be made from its id alone. */
export function generatedId(seed: string, upn: string, index: number): string {
  const mark = createHash('sha256').update(`${seed}/${upn}`).digest('hex').slice(0, 10);
  return `AAkALgAAg${mark}G${index.toString(36)}g`;
}

/** The index in such an id, or `null` for any other id. */
export function generatedIndex(id: string): number | null {
  const match = /^AAkALgAAg[0-9a-f]{10}G([0-9a-z]+)g$/.exec(id);
  const digits = match?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 36);
}
