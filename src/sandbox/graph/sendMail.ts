/** What `sendMail` takes, and the message that it leaves behind. Source: "user: sendMail" (learn.microsoft.com/graph). */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Address, StoredMessage } from './stored.ts';

const Recipient = z.object({ emailAddress: z.object({ address: z.string().min(1), name: z.string().optional() }) });
const Recipients = z.array(Recipient).default([]);

export const SendMail = z.object({
  message: z
    .object({
      subject: z.string().default(''),
      body: z.object({ contentType: z.string().default('text'), content: z.string().default('') }).prefault({}),
      toRecipients: Recipients,
      ccRecipients: Recipients,
      bccRecipients: Recipients,
    })
    // A message to no one is refused.
    .refine(({ toRecipients, ccRecipients, bccRecipients }) =>
      [toRecipients, ccRecipients, bccRecipients].some((list) => list.length > 0),
    ),
  saveToSentItems: z.boolean().default(true),
});
type Message = z.infer<typeof SendMail>['message'];

export function sentMessage(message: Message, from: Address, sequence: number, at: Date): StoredMessage {
  const name = createHash('sha256')
    .update(`${from.address} ${sequence} ${at.toISOString()}`)
    .digest('hex')
    .slice(0, 24);
  const sentAt = at.toISOString();
  const { subject, body, toRecipients, ccRecipients, bccRecipients } = message;
  return {
    id: `AAkALgAAs${name}`,
    changeKey: name.slice(0, 16),
    folder: 'sentitems',
    subject,
    from,
    to: toRecipients.map(addressOf),
    cc: ccRecipients.map(addressOf),
    bcc: bccRecipients.map(addressOf),
    receivedAt: sentAt,
    sentAt,
    internetMessageId: `<${name}@sandbox.example>`,
    conversationId: `AAQk${name}`,
    bodyType: body.contentType.toLowerCase() === 'html' ? 'html' : 'text',
    body: body.content,
    hasAttachments: false,
    isRead: true,
    isDraft: false,
    modifiedAt: sentAt,
    attachments: [],
    replyTo: [],
    importance: 'normal',
    categories: [],
  };
}

function addressOf({ emailAddress: { address, name = address } }: z.infer<typeof Recipient>): Address {
  return { name, address };
}
