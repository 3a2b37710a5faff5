/** Generated contacts, tasks and files: the same seed gives the same ones, byte for byte. */
import { createHash } from 'node:crypto';
import type { StoredContact, StoredDriveItem, StoredTask } from '../graph/stored.ts';

/** What everyone has without making it. */
export const DEFAULT_CONTACT_FOLDER = 'contacts';
export const DEFAULT_TASK_LIST = 'AQMkADtasksAAA';
export const DRIVE = 'b!sandbox';

const AT = Date.parse('2026-11-20T16:30:00Z');
const DAY = 86_400_000;

const GIVEN_NAMES = ['Nora', 'Jonas', 'Amara', 'Tom', 'Yuki', 'Elena', 'Ravi', 'Sofia'] as const;
const SURNAMES = ['Whitfield', 'Keller', 'Diallo', 'Harrow', 'Tanaka', 'Marin', 'Desai', 'Lund'] as const;
const COMPANIES = ['Quillworks', 'Altenbach', 'Sahel Bank', 'North Pier', 'Morikawa'] as const;
const TITLES = ['Finance director', 'Head of operations', 'General counsel', 'Partner'] as const;
const TASKS = [
  'Call the references',
  'Send the shortlist',
  'Book the panel room',
  'Draft the offer letter',
  'Update the search report',
] as const;
const FILES = ['Shortlist', 'Interview notes', 'Offer draft', 'Search report', 'Panel plan'] as const;

export function generateContacts(seed: string, upn: string, count: number): StoredContact[] {
  return Array.from({ length: count }, (_, index) => {
    const chance = digest(seed, `${upn} contact`, index);
    const givenName = pick(GIVEN_NAMES, chance.readUInt8(0));
    const surname = pick(SURNAMES, chance.readUInt8(1));
    const company = pick(COMPANIES, chance.readUInt8(2));
    const domain = `${company.toLowerCase().replace(/[^a-z]/g, '')}.example`;
    return {
      ...common('AAkALgAAk', chance, index, DEFAULT_CONTACT_FOLDER),
      displayName: `${givenName} ${surname}`,
      givenName,
      surname,
      companyName: company,
      jobTitle: pick(TITLES, chance.readUInt8(3)),
      emailAddresses: [
        { name: `${givenName} ${surname}`, address: `${givenName}.${surname}${index}@${domain}`.toLowerCase() },
      ],
      businessPhones: [`+44 20 7946 0${String(chance.readUInt16BE(4) % 1_000).padStart(3, '0')}`],
    };
  });
}

export function generateTasks(seed: string, upn: string, contacts: number): StoredTask[] {
  return Array.from({ length: Math.ceil(contacts / 2) }, (_, index) => {
    const chance = digest(seed, `${upn} task`, index);
    return {
      ...common('AAkALgAAt', chance, index, DEFAULT_TASK_LIST),
      title: pick(TASKS, chance.readUInt8(0)),
      body: '',
      status: chance.readUInt8(1) % 3 === 0 ? 'completed' : 'notStarted',
      dueOn: new Date(AT + (chance.readUInt8(2) % 30) * DAY).toISOString().slice(0, 10),
    };
  });
}

/** A folder, and files of which every second lies in it. */
export function generateDriveItems(seed: string, upn: string, contacts: number): StoredDriveItem[] {
  const folder = digest(seed, `${upn} drive folder`, 0);
  const searches: StoredDriveItem = {
    ...common('01FOLDER', folder, 0, DRIVE),
    parentId: null,
    name: 'Searches',
    size: 0,
    mimeType: null,
  };
  const files = Array.from({ length: contacts }, (_, index): StoredDriveItem => {
    const chance = digest(seed, `${upn} file`, index);
    return {
      ...common('01FILE', chance, index, DRIVE),
      parentId: index % 2 === 0 ? searches.id : null,
      name: `${pick(FILES, chance.readUInt8(0))} ${index + 1}.docx`,
      size: 10_000 + chance.readUInt16BE(1),
      mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    };
  });
  return contacts === 0 ? [] : [searches, ...files];
}

function common(prefix: string, chance: Buffer, index: number, container: string) {
  return {
    id: `${prefix}${chance.toString('hex').slice(0, 20)}`,
    container,
    changeKey: chance.toString('base64').slice(0, 16),
    modifiedAt: new Date(AT - index * 3 * 3_600_000).toISOString(),
  };
}

function pick<T>(list: readonly [T, ...T[]], chance: number): T {
  return list[chance % list.length] ?? list[0];
}

function digest(seed: string, name: string, index: number): Buffer {
  return createHash('sha256').update(`${seed}/${name}/${index}`).digest();
}
