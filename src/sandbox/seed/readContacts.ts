/** Reads contact files (vCard, RFC 6350 and its forerunners) by ical.js: one contact or many. */
import { createHash } from 'node:crypto';
import ICAL from 'ical.js';
import type { StoredContact } from '../graph/stored.ts';
import { DEFAULT_CONTACT_FOLDER } from './generateOthers.ts';
import { UnreadableFileError } from './readMail.ts';

/** The same contact has the same id, so that a second import adds nothing. */
export function readContacts(text: string, at: Date): readonly StoredContact[] {
  const cards = text
    .split(/^(?=BEGIN:VCARD\s*$)/im)
    .filter((part) => part.trim() !== '')
    .map((part) => readContact(parse(part), part, at));
  if (cards.length === 0) {
    throw new UnreadableFileError('no vCard');
  }
  return cards;
}

function parse(text: string): ICAL.Component {
  try {
    const card = new ICAL.Component(ICAL.parse(text.trim()));
    if (card.name !== 'vcard') {
      throw new UnreadableFileError('no vCard');
    }
    return card;
  } catch (cause) {
    throw cause instanceof UnreadableFileError ? cause : new UnreadableFileError('no vCard', { cause });
  }
}

function readContact(card: ICAL.Component, text: string, at: Date): StoredContact {
  const [surname = '', givenName = ''] = partsOf(card, 'n');
  const displayName = textOf(card, 'fn') || `${givenName} ${surname}`.trim();
  const addresses = card.getAllProperties('email').map((property) => String(property.getFirstValue()));
  const hash = createHash('sha256').update(text.trim()).digest();
  const key = textOf(card, 'uid') || `${displayName} ${addresses.join(' ')}`;
  return {
    id: `AAkALgAAv${createHash('sha256').update(key).digest('base64url').slice(0, 40)}`,
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
