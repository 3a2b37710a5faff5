/**
 * Mail: the list of folders and the messages of each, by delta.
 *
 * Source  "Get incremental changes to messages in a folder", "mailFolder: delta"; the properties that
 *         Mail.ReadBasic leaves out: body, bodyPreview, uniqueBody, attachments, extensions.
 */
import { z } from 'zod';
import type { Person, SyncedItem } from '../../domain/items.ts';
import type { GraphAccess, GraphAnswer, GraphPage, MailFolder } from '../../sync/ports.ts';
import { readPage } from './pages.ts';
import type { GraphTransport } from './transport.ts';

const HEADERS = [
  'id',
  'changeKey',
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

const Address = z.object({
  emailAddress: z.object({ name: z.string().nullish(), address: z.string().nullish() }).nullish(),
});

const Message = z.object({
  id: z.string().min(1),
  changeKey: z.string().nullish(),
  subject: z.string().nullish(),
  from: Address.nullish(),
  sender: Address.nullish(),
  toRecipients: z.array(Address).nullish(),
  ccRecipients: z.array(Address).nullish(),
  bccRecipients: z.array(Address).nullish(),
  receivedDateTime: z.iso.datetime({ offset: true }).nullish(),
  sentDateTime: z.iso.datetime({ offset: true }).nullish(),
  createdDateTime: z.iso.datetime({ offset: true }).nullish(),
  internetMessageId: z.string().nullish(),
  conversationId: z.string().nullish(),
  body: z.object({ contentType: z.string(), content: z.string() }).nullish(),
});

const Folder = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  totalItemCount: z.number().nullish(),
});

export function readMailFoldersPage(
  transport: GraphTransport,
  access: GraphAccess,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<MailFolder>>> {
  return readPage(transport, {
    access,
    url: cursor ?? transport.url(`${access.mailbox}/mailFolders/delta`, { $select: 'id,displayName,totalItemCount' }),
    schema: Folder,
    present: (folder) => ({
      folderId: folder.id,
      name: folder.displayName ?? '',
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
  const select = level === 'full' ? [...HEADERS, 'body'] : HEADERS;
  return readPage(transport, {
    access,
    url:
      cursor ??
      transport.url(`${access.mailbox}/mailFolders/${encodeURIComponent(folder)}/messages/delta`, {
        $select: select.join(','),
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
      body: level === 'full' ? (message.body ?? undefined) : undefined,
    },
  };
}

function peopleOf(
  role: Person['role'],
  addresses: readonly (z.infer<typeof Address> | null | undefined)[] | null | undefined,
): readonly Person[] {
  return (addresses ?? []).flatMap((entry) => {
    const address = entry?.emailAddress?.address ?? '';
    const name = entry?.emailAddress?.name ?? undefined;
    return address === '' && name === undefined ? [] : [{ role, address, name }];
  });
}
