/**
 * Mail: the list of folders and the messages of each, by delta.
 *
 * Source  "Get incremental changes to messages in a folder", "mailFolder: delta"; the properties that
 *         Mail.ReadBasic leaves out: body, bodyPreview, uniqueBody, attachments, extensions.
 */
import { z } from 'zod';
import type { Attachment, Person, SyncedItem } from '../../domain/items.ts';
import type { Container, GraphAccess, GraphAnswer, GraphPage } from '../../sync/ports.ts';
import { EmailAddress, instantOrNull, personOf } from './fields.ts';
import { Id, readPage } from './pages.ts';
import type { GraphTransport } from './transport.ts';

const HEADERS = [
  'id',
  'changeKey',
  'lastModifiedDateTime',
  'subject',
  'from',
  'sender',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'receivedDateTime',
  'sentDateTime',
  'internetMessageId',
  'conversationId',
];

const Recipient = z.object({ emailAddress: EmailAddress.nullish() });

const AttachmentBody = z.object({
  name: z.string().nullish(),
  contentType: z.string().nullish(),
  size: z.number().nullish(),
  isInline: z.boolean().nullish(),
});

const Message = z.object({
  id: Id,
  changeKey: Id.nullish(),
  subject: z.string().nullish(),
  from: Recipient.nullish(),
  sender: Recipient.nullish(),
  toRecipients: z.array(Recipient).nullish(),
  ccRecipients: z.array(Recipient).nullish(),
  bccRecipients: z.array(Recipient).nullish(),
  receivedDateTime: z.iso.datetime({ offset: true }).nullish(),
  sentDateTime: z.iso.datetime({ offset: true }).nullish(),
  createdDateTime: z.iso.datetime({ offset: true }).nullish(),
  lastModifiedDateTime: z.iso.datetime({ offset: true }).nullish(),
  internetMessageId: z.string().nullish(),
  conversationId: z.string().nullish(),
  body: z.object({ contentType: z.string(), content: z.string() }).nullish(),
  attachments: z.array(AttachmentBody).nullish(),
});

const Folder = z.object({
  id: Id,
  displayName: z.string().nullish(),
  parentFolderId: z.string().nullish(),
  totalItemCount: z.number().nullish(),
});

export function readMailFoldersPage(
  transport: GraphTransport,
  access: GraphAccess,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return readPage(transport, {
    access,
    url:
      cursor ??
      transport.url(`${access.mailbox}/mailFolders/delta`, { $select: 'id,displayName,parentFolderId,totalItemCount' }),
    schema: Folder,
    present: (folder) => ({
      id: folder.id,
      name: folder.displayName ?? '',
      parentId: folder.parentFolderId ?? null,
      isShared: false,
      itemCount: folder.totalItemCount ?? null,
    }),
    isDelta: true,
  });
}

export function readMessagesPage(
  transport: GraphTransport,
  access: GraphAccess,
  folder: string,
  level: 'limited' | 'full',
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  const options =
    level === 'full'
      ? {
          $select: [...HEADERS, 'body'].join(','),
          $expand: 'attachments($select=id,name,contentType,size,isInline)',
        }
      : { $select: HEADERS.join(',') };
  return readPage(transport, {
    access,
    url:
      cursor ??
      transport.url(`${access.mailbox}/mailFolders/${encodeURIComponent(folder)}/messages/delta`, {
        ...options,
        $orderby: 'receivedDateTime desc',
      }),
    schema: Message,
    present: (message) => presentMessage(message, level),
    isDelta: true,
  });
}

/** The level bounds what is kept, also where the grant is wider and Graph sent more than was asked for. */
function presentMessage(message: z.infer<typeof Message>, level: 'limited' | 'full'): SyncedItem {
  const at = message.receivedDateTime ?? message.sentDateTime ?? message.createdDateTime;
  return {
    itemId: message.id,
    changeKey: message.changeKey ?? null,
    modifiedAt: instantOrNull(message.lastModifiedDateTime),
    at: new Date(at ?? 0),
    content: {
      subject: message.subject ?? '',
      people: [
        ...peopleOf('from', [message.from]),
        ...peopleOf('sender', [message.sender]),
        ...peopleOf('to', message.toRecipients),
        ...peopleOf('cc', message.ccRecipients),
        ...peopleOf('bcc', message.bccRecipients),
      ],
      internetMessageId: message.internetMessageId ?? undefined,
      conversationId: message.conversationId ?? undefined,
      ...(level === 'full' ? { body: message.body ?? undefined, attachments: attachmentsOf(message.attachments) } : {}),
    },
  };
}

function attachmentsOf(list: z.infer<typeof Message>['attachments']): readonly Attachment[] | undefined {
  return (list ?? []).length === 0
    ? undefined
    : list?.map(({ name, contentType, size, isInline }) => ({
        name: name ?? '',
        contentType: contentType ?? null,
        size: size ?? 0,
        isInline: isInline ?? false,
      }));
}

function peopleOf(
  role: Person['role'],
  addresses: readonly (z.infer<typeof Recipient> | null | undefined)[] | null | undefined,
): readonly Person[] {
  return (addresses ?? []).flatMap((entry) => personOf(role, entry?.emailAddress) ?? []);
}
