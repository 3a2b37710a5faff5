/**
 * Mail: the list of folders and the messages of each, by delta; messages and their attachments by themselves.
 *
 * What is attached is asked for message by message: a delta that expands attachments brings their bytes along, whatever
 * is selected of them.
 *
 * Source  "Get incremental changes to messages in a folder", "mailFolder: delta", "List attachments"; the properties
 *         that Mail.ReadBasic leaves out: body, bodyPreview, uniqueBody, attachments, extensions; docs-contrib issue
 *         8431 (`$expand` ignores a nested `$select`).
 */
import { z } from 'zod';
import { WELL_KNOWN_FOLDERS, type WellKnownFolder } from '../../domain/wellKnownFolders.ts';
import type { Attachment, Correspondent, Person, SyncedItem } from '../../domain/items.ts';
import type { Container, Each, EachItem, GraphAccess, GraphAnswer, GraphPage, Reading } from '../../sync/ports.ts';
import { fetchEach } from './batch.ts';
import type { CategoryResource } from './categoryResource.ts';
import {
  bodyOf,
  firstInstant,
  instantOrNull,
  ItemBody,
  OUTLOOK_ITEM,
  OutlookItem,
  outlookItemOf,
  personOf,
  Recipient,
} from './fields.ts';
import { Id, itemOf, fetchOne, fetchPage, type Resource } from './pages.ts';
import type { GraphTransport } from './transport.ts';
import { type DesiredStream } from '../../domain/streams.ts';

/** What a grant of headers alone lets be read of a message. */
export const HEADERS = [
  'id',
  'changeKey',
  'createdDateTime',
  'lastModifiedDateTime',
  'subject',
  'from',
  'sender',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'receivedDateTime',
  'sentDateTime',
  'internetMessageId',
  'conversationId',
  'isDraft',
  'isRead',
  ...OUTLOOK_ITEM,
];
const WHOLE = [...HEADERS, 'hasAttachments', 'body'];

/** Left out where there is nothing in them, as of a draft's sender. */
const MAY_BE_LEFT_OUT: readonly string[] = ['from', 'sender', 'replyTo', 'webLink'];

const AttachmentBody = z.object({
  name: z.string().nullish(),
  contentType: z.string().nullish(),
  size: z.number().nullish(),
  isInline: z.boolean().nullish(),
});
const Attachments = z.object({ value: z.array(AttachmentBody) });

/** A message as Graph has it; a request that selects less gets less. */
export const Message = OutlookItem.extend({
  id: Id,
  changeKey: Id.nullish(),
  subject: z.string().nullish(),
  from: Recipient.nullish(),
  sender: Recipient.nullish(),
  toRecipients: z.array(Recipient).nullish(),
  ccRecipients: z.array(Recipient).nullish(),
  bccRecipients: z.array(Recipient).nullish(),
  replyTo: z.array(Recipient).nullish(),
  receivedDateTime: z.string().nullish(),
  sentDateTime: z.string().nullish(),
  createdDateTime: z.string().nullish(),
  lastModifiedDateTime: z.string().nullish(),
  internetMessageId: z.string().nullish(),
  conversationId: z.string().nullish(),
  isDraft: z.boolean().nullish(),
  isRead: z.boolean().nullish(),
  hasAttachments: z.boolean().nullish(),
  body: ItemBody.nullish(),
});

const Folder = z.object({
  id: Id,
  displayName: z.string().nullish(),
  parentFolderId: z.string().nullish(),
  totalItemCount: z.number().nullish(),
});
const FOLDER_FIELDS = ['id', 'displayName', 'parentFolderId', 'totalItemCount'];

const FOLDERS: Resource<z.infer<typeof Folder>, Container> = {
  schema: Folder,
  present: (folder) => ({
    id: folder.id,
    name: folder.displayName ?? '',
    parentId: folder.parentFolderId ?? null,
    isShared: false,
    itemCount: folder.totalItemCount ?? null,
  }),
  whole: FOLDER_FIELDS,
  changeKey: '',
};

function messagesAt(level: Reading['level']): Resource<z.infer<typeof Message>, SyncedItem> {
  return {
    schema: Message,
    present: (message) => presentMessage(message, level),
    whole: fieldsAt(level).filter((name) => !MAY_BE_LEFT_OUT.includes(name)),
    changeKey: 'changeKey',
  };
}

function fieldsAt(level: Reading['level']): readonly string[] {
  return level === 'full' ? WHOLE : HEADERS;
}

export const mail: CategoryResource = {
  containersPage: fetchMailFoldersPage,
  container: fetchMailFolder,
  items: { page: fetchMessagesPage, each: fetchMessages },
  probe: { path: 'messages', tellsLevelByBody: true },
  sharedProbe: 'mailFolders/delta?$select=id',
};

function fetchMailFoldersPage(
  transport: GraphTransport,
  access: GraphAccess,
  pageSize: number,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return fetchPage(transport, {
    access,
    url: cursor ?? {
      path: `${access.mailbox}/mailFolders/delta`,
      options: { $select: FOLDER_FIELDS.join(',') },
      name: 'mailFolders',
    },
    resource: FOLDERS,
    pageSize,
    isDelta: true,
  });
}

const Identified = z.object({ id: Id });

/** What says that there is no such folder here; anything else may be over the next time. */
const IS_NONE: readonly GraphAnswer<unknown>['kind'][] = ['notFound', 'forbidden', 'badRequest'];

/** Asked for by Graph's names for them, in one request. */
export async function fetchWellKnownFolders(
  transport: GraphTransport,
  access: GraphAccess,
): Promise<GraphAnswer<ReadonlyMap<string, WellKnownFolder>>> {
  const answer = await fetchEach(
    transport,
    access,
    WELL_KNOWN_FOLDERS,
    (name) => `${access.mailbox}/mailFolders/${name}?$select=id`,
    (body) => Identified.safeParse(body).data?.id ?? null,
  );
  if (answer.kind !== 'ok') {
    return answer;
  }
  const found = new Map<string, WellKnownFolder>();
  for (const name of WELL_KNOWN_FOLDERS) {
    const each = answer.value.get(name);
    if (each?.kind === 'ok') {
      found.set(each.value, name);
    } else if (each !== undefined && !IS_NONE.includes(each.kind)) {
      return each;
    }
  }
  return { kind: 'ok', value: found };
}

function fetchMailFolder(transport: GraphTransport, access: GraphAccess, id: string): Promise<GraphAnswer<Container>> {
  const path = `${access.mailbox}/mailFolders/${encodeURIComponent(id)}`;
  return fetchOne(transport, access, transport.url(path, { $select: FOLDER_FIELDS.join(',') }), FOLDERS);
}

function fetchMessagesPage(
  transport: GraphTransport,
  access: GraphAccess,
  { container, level, pageSize, isLight }: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  return fetchPage(transport, {
    access,
    url: cursor ?? {
      path: `${access.mailbox}/mailFolders/${encodeURIComponent(container)}/messages/delta`,
      options: {
        $select: (isLight ? HEADERS : fieldsAt(level)).join(','),
        $orderby: 'receivedDateTime desc',
      },
      name: 'messages',
    },
    resource: messagesAt(level),
    pageSize,
    isDelta: true,
    isLight,
  });
}

function fetchMessages(
  transport: GraphTransport,
  access: GraphAccess,
  { level }: Pick<DesiredStream, 'level'>,
  ids: readonly string[],
): Promise<EachItem<SyncedItem>> {
  const $select = fieldsAt(level).join(',');
  return fetchEach(
    transport,
    access,
    ids,
    (id) => `${messagePath(access, id)}?$select=${$select}`,
    (body) => itemOf(body, messagesAt(level)),
  );
}

export function fetchAttachments(
  transport: GraphTransport,
  access: GraphAccess,
  messageIds: readonly string[],
): Promise<Each<readonly Attachment[]>> {
  return fetchEach(
    transport,
    access,
    messageIds,
    (id) => `${messagePath(access, id)}/attachments?$select=id,name,contentType,size,isInline`,
    (body) => {
      const parsed = Attachments.safeParse(body);
      return parsed.success ? parsed.data.value.map(presentAttachment) : null;
    },
  );
}

function messagePath({ mailbox }: GraphAccess, id: string): string {
  return `${mailbox}/messages/${encodeURIComponent(id)}`;
}

/** The level bounds what is kept, also where the grant is wider and Graph sent more than was asked for. */
export function presentMessage(message: z.infer<typeof Message>, level: Reading['level']): SyncedItem {
  const { receivedDateTime, sentDateTime, createdDateTime, lastModifiedDateTime } = message;
  return {
    itemId: message.id,
    changeKey: message.changeKey ?? null,
    modifiedAt: instantOrNull(lastModifiedDateTime),
    at: firstInstant(receivedDateTime, sentDateTime, createdDateTime, lastModifiedDateTime),
    ...(level === 'full' && message.hasAttachments === true ? { hasAttachments: true } : {}),
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
      ...(message.isDraft === true ? { isDraft: true } : {}),
      isRead: message.isRead ?? undefined,
      receivedAt: instantOrNull(receivedDateTime)?.toISOString(),
      sentAt: instantOrNull(sentDateTime)?.toISOString(),
      ...replyToOf(message),
      ...outlookItemOf(message),
      ...(level === 'full' ? { body: bodyOf(message.body) } : {}),
    },
  };
}

/** Exchange fills in the sender where a message names no address for replies. */
function replyToOf({ replyTo, from }: z.infer<typeof Message>): { readonly replyTo?: readonly Correspondent[] } {
  const named = (replyTo ?? []).flatMap(({ emailAddress }) => {
    const { name, address } = personOf('from', emailAddress) ?? {};
    return address === undefined || address === '' ? [] : [{ address, name }];
  });
  const isUsual = named.every(({ address }) => address.toLowerCase() === from?.emailAddress?.address?.toLowerCase());
  return isUsual ? {} : { replyTo: named };
}

function presentAttachment({ name, contentType, size, isInline }: z.infer<typeof AttachmentBody>): Attachment {
  return { name: name ?? '', contentType: contentType ?? null, size: size ?? 0, isInline: isInline ?? false };
}

function peopleOf(
  role: Person['role'],
  addresses: readonly (z.infer<typeof Recipient> | null | undefined)[] | null | undefined,
): readonly Person[] {
  return (addresses ?? []).flatMap((entry) => personOf(role, entry?.emailAddress) ?? []);
}
