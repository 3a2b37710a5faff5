/** Reads real mail: one RFC 5322 message, or an mbox of them (RFC 4155). */
import { createHash } from 'node:crypto';
import PostalMime, { type Address as ParsedAddress } from 'postal-mime';
import type { Address, StoredMessage } from '../graph/stored.ts';
import { UnreadableFileError } from './leftOut.ts';

export interface ReadMessage {
  readonly message: StoredMessage;
  /** Equal for the same message, so that a second import adds nothing. */
  readonly key: string;
  /** The key that an earlier version gave it. */
  readonly earlierKey: string;
}

/** `at` is when it was received, where it does not say. */
export async function readMessage(raw: Buffer, folder: string, at: Date): Promise<ReadMessage> {
  const email = await PostalMime.parse(raw).catch((cause: unknown) => {
    throw new UnreadableFileError('not a mail message', { cause });
  });
  if (
    email.headers.length === 0 ||
    (email.from === undefined && email.subject === undefined && email.date === undefined)
  ) {
    throw new UnreadableFileError('not a mail message');
  }
  const hash = createHash('sha256').update(raw).digest();
  const internetMessageId = email.messageId ?? `<${hash.toString('hex').slice(0, 24)}@import.example>`;
  const sentAt = dateOf(email.date) ?? at.toISOString().replace('.000Z', 'Z');
  const key = `${folder} ${internetMessageId}`;
  return {
    // Copies of one message that lists have changed are several messages.
    key: `${key} ${hash.toString('hex')}`,
    earlierKey: key,
    message: {
      id: `AAkALgAAi${createHash('sha256')
        .update(`${key} ${hash.toString('hex')}`)
        .digest('base64url')
        .slice(0, 40)}`,
      changeKey: hash.toString('base64').slice(0, 16),
      folder,
      subject: email.subject ?? '',
      from: addressesOf(email.from === undefined ? [] : [email.from])[0] ?? null,
      to: addressesOf(email.to),
      cc: addressesOf(email.cc),
      bcc: addressesOf(email.bcc),
      receivedAt: sentAt,
      sentAt,
      internetMessageId,
      conversationId: conversationOf(email.references ?? email.inReplyTo, internetMessageId),
      bodyType: email.html === undefined ? 'text' : 'html',
      body: email.html ?? email.text ?? '',
      hasAttachments: email.attachments.length > 0,
      isRead: false,
      isDraft: folder === 'drafts',
      replyTo: addressesOf(email.replyTo),
      importance: importanceOf(email.headers),
      categories: [],
      attachments: email.attachments.map(({ filename, mimeType, content, disposition }, index) => ({
        id: `AAkAtt${hash.toString('hex').slice(0, 12)}${index}`,
        name: filename ?? 'attachment',
        contentType: mimeType,
        size: typeof content === 'string' ? content.length : content.byteLength,
        isInline: disposition === 'inline',
      })),
    },
  };
}

/** Source: RFC 2156, section 5.3.6 (`Importance`); `X-Priority` is what many programs write, from 1 to 5. */
function importanceOf(
  headers: readonly { readonly key: string; readonly value: string }[],
): StoredMessage['importance'] {
  const of = (name: string) =>
    headers
      .find(({ key }) => key === name)
      ?.value.trim()
      .toLowerCase() ?? '';
  const [priority = ''] = of('x-priority');
  const isHigh = of('importance') === 'high' || priority === '1' || priority === '2';
  const isLow = of('importance') === 'low' || priority === '4' || priority === '5';
  return isHigh ? 'high' : isLow ? 'low' : 'normal';
}

/**
 * A line that begins the next message of an mbox: at its beginning or after an empty line, with a sender and either a date
 * or a header after it (RFC 4155). `From Monday the office is closed` is part of a text.
 */
const SEPARATOR =
  /(?:^|(?<=\n\r?\n))(?=From \S+(?: +\w{3} \w{3} +\d{1,2} \d{2}:\d{2}[^\n]*|[^\S\n]*\r?\n[!-9;-~]+:[^\n]*)(?:\n|$))/;

/** The messages of an mbox. */
export function splitMbox(raw: Buffer): readonly Buffer[] {
  const text = raw.toString('latin1');
  if (!text.startsWith('From ')) {
    throw new UnreadableFileError('not an mbox: it does not begin with "From "');
  }
  return text
    .split(SEPARATOR)
    .map((part) => part.slice(part.indexOf('\n') + 1).replace(/^>(>*From )/gm, '$1'))
    .filter((part) => part.trim() !== '')
    .map((part) => Buffer.from(part, 'latin1'));
}

export function nameOfMessage(raw: Buffer, index: number): string {
  return /^Subject: *([^\r\n]+)/im.exec(raw.toString('latin1'))?.[1] ?? `number ${index + 1}`;
}

function dateOf(text: string | undefined): string | null {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
}

function conversationOf(references: string | undefined, own: string): string {
  const first = /<[^>]+>/.exec(references ?? '')?.[0] ?? own;
  return `AAQk${createHash('sha256').update(first).digest('base64url').slice(0, 20)}`;
}

function addressesOf(list: readonly ParsedAddress[] | undefined): Address[] {
  return (list ?? []).flatMap((entry) =>
    entry.address === undefined ? addressesOf(entry.group) : [{ name: entry.name, address: entry.address }],
  );
}
