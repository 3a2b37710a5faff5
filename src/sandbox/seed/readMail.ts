/** Reads real mail: one RFC 5322 message, or an mbox of them (RFC 4155). */
import { createHash } from 'node:crypto';
import PostalMime, { type Address as ParsedAddress } from 'postal-mime';
import type { Address, StoredMessage } from '../graph/stored.ts';

export interface ReadMessage {
  readonly message: StoredMessage;
  /** Equal for the same message, so that a second import adds nothing. */
  readonly key: string;
}

export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

export async function readMessage(raw: Buffer, folder: string): Promise<ReadMessage> {
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
  const at = dateOf(email.date);
  return {
    key: `${folder} ${internetMessageId}`,
    message: {
      id: `AAkALgAAi${createHash('sha256').update(`${folder} ${internetMessageId}`).digest('base64url').slice(0, 40)}`,
      changeKey: hash.toString('base64').slice(0, 16),
      folder,
      subject: email.subject ?? '',
      from: addressesOf(email.from === undefined ? [] : [email.from])[0] ?? null,
      to: addressesOf(email.to),
      cc: addressesOf(email.cc),
      bcc: addressesOf(email.bcc),
      receivedAt: at,
      sentAt: at,
      internetMessageId,
      conversationId: conversationOf(email.references ?? email.inReplyTo, internetMessageId),
      bodyType: email.html === undefined ? 'text' : 'html',
      body: email.html ?? email.text ?? '',
      hasAttachments: email.attachments.length > 0,
      isRead: false,
      isDraft: folder === 'drafts',
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

/** The messages of an mbox; a line that begins with `From ` after an empty one begins the next. */
export function splitMbox(raw: Buffer): readonly Buffer[] {
  const text = raw.toString('latin1');
  if (!text.startsWith('From ')) {
    throw new UnreadableFileError('not an mbox: it does not begin with "From "');
  }
  return text
    .split(/^(?=From .*$)/m)
    .filter((part) => part.startsWith('From '))
    .map((part) => part.slice(part.indexOf('\n') + 1).replace(/^>(>*From )/gm, '$1'))
    .filter((part) => part.trim() !== '')
    .map((part) => Buffer.from(part, 'latin1'));
}

function dateOf(text: string | undefined): string {
  const date = new Date(text ?? '');
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString().replace('.000Z', 'Z');
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
