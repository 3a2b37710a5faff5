/** Reads contact files (vCard, RFC 6350 and its forerunners) by ical.js: one contact or many. */
import { createHash } from 'node:crypto';
import ICAL from 'ical.js';
import type { StoredContact } from '../graph/stored.ts';
import { DEFAULT_CONTACT_FOLDER } from './generateOtherContent.ts';
import { convertCard } from './convertCard.ts';
import { type LeftOut, readParts, UnreadableFileError } from './leftOut.ts';

/** The same contact has the same id, so that a second import adds nothing. */
export async function readContacts(
  text: string,
  at: Date,
): Promise<{ readonly contacts: readonly ReadContact[]; readonly leftOut: readonly LeftOut[] }> {
  const cards = text.split(/^(?=BEGIN:VCARD\s*$)/im).filter((part) => /^BEGIN:VCARD\s*$/im.test(part));
  if (cards.length === 0) {
    throw new UnreadableFileError('no vCard');
  }
  const { items: contacts, leftOut } = await readParts(cards, nameOf, (card) => readContact(parse(card), card, at));
  return { contacts, leftOut };
}

export interface ReadContact {
  readonly contact: StoredContact;
  /** The id that an earlier version gave it. */
  readonly earlierId: string;
}

function nameOf(card: string, index: number): string {
  return /^FN[^:]*:(.+)$/im.exec(card)?.[1]?.trim() ?? `number ${index + 1}`;
}

function parse(text: string): ICAL.Component {
  try {
    const card = new ICAL.Component(ICAL.parse(convertCard(text).trim()));
    if (card.name === 'vcard') {
      return card;
    }
  } catch (cause) {
    throw new UnreadableFileError('one of its lines is none of a vCard', { cause });
  }
  throw new UnreadableFileError('one of its lines is none of a vCard');
}

function readContact(card: ICAL.Component, text: string, at: Date): ReadContact {
  const [surname = '', givenName = ''] = partsOf(card, 'n');
  const displayName = textOf(card, 'fn') || `${givenName} ${surname}`.trim();
  const addresses = card.getAllProperties('email').map((property) => String(property.getFirstValue()));
  const hash = createHash('sha256').update(text.trim()).digest();
  const uid = textOf(card, 'uid');
  // Two people may have one name: without a uid the card is all that tells them apart.
  const contact: StoredContact = {
    id: idOf(uid || text.trim()),
    container: DEFAULT_CONTACT_FOLDER,
    changeKey: hash.toString('base64').slice(0, 16),
    modifiedAt: at.toISOString(),
    displayName,
    givenName,
    surname,
    companyName: partsOf(card, 'org')[0] ?? '',
    jobTitle: textOf(card, 'title'),
    emailAddresses: addresses.map((address) => ({ name: displayName, address })),
    businessPhones: card.getAllProperties('tel').map((property) => String(property.getFirstValue())),
  };
  return { contact, earlierId: idOf(uid || `${displayName} ${addresses.join(' ')}`) };
}

function idOf(key: string): string {
  return `AAkALgAAv${createHash('sha256').update(key).digest('base64url').slice(0, 40)}`;
}

function textOf(card: ICAL.Component, name: string): string {
  const value = card.getFirstPropertyValue(name);
  return typeof value === 'string' ? value : '';
}

/** The parts of a structured value, such as a name. */
function partsOf(card: ICAL.Component, name: string): readonly string[] {
  const value: unknown = card.getFirstPropertyValue(name);
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts.map((part) => (typeof part === 'string' ? part : ''));
}
