/**
 * Contacts: the list of contact folders and the contacts of each, by delta. The default folder is not in the list.
 *
 * Source  "contactFolder: delta", "contact: delta", "contact resource type" (learn.microsoft.com/graph). The service has
 *         refused `$select` with change tracking over contacts, which the documents show: it is an option.
 */
import { z } from 'zod';
import type { SyncedItem } from '../../domain/items.ts';
import { DEFAULT_CONTACTS } from '../../domain/containers.ts';
import type { Container, EachItem, GraphAccess, GraphAnswer, GraphPage, Reading } from '../../sync/ports.ts';
import { fetchEach } from './batch.ts';
import type { CategoryResource } from './categoryResource.ts';
import { EmailAddress, firstInstant, instantOrNull, personOf } from './fields.ts';
import { Id, itemOf, fetchOne, fetchPage, type Resource } from './pages.ts';
import type { GraphTransport } from './transport.ts';
import { type DesiredStream } from '../../domain/streams.ts';

const FIELDS = [
  'id',
  'changeKey',
  'createdDateTime',
  'lastModifiedDateTime',
  'displayName',
  'givenName',
  'surname',
  'companyName',
  'jobTitle',
  'emailAddresses',
  'businessPhones',
  'homePhones',
  'mobilePhone',
];
const NAMES = ['id', 'changeKey', 'displayName'];

const Folder = z.object({ id: Id, displayName: z.string().nullish(), parentFolderId: z.string().nullish() });
const FOLDER_FIELDS = ['id', 'displayName', 'parentFolderId'];

const Contact = z.object({
  id: Id,
  changeKey: Id.nullish(),
  createdDateTime: z.string().nullish(),
  lastModifiedDateTime: z.string().nullish(),
  displayName: z.string().nullish(),
  givenName: z.string().nullish(),
  surname: z.string().nullish(),
  companyName: z.string().nullish(),
  jobTitle: z.string().nullish(),
  emailAddresses: z.array(EmailAddress).nullish(),
  businessPhones: z.array(z.string()).nullish(),
  homePhones: z.array(z.string()).nullish(),
  mobilePhone: z.string().nullish(),
});

const FOLDERS: Resource<z.infer<typeof Folder>, Container> = {
  schema: Folder,
  present: ({ id, displayName, parentFolderId }) => ({
    id,
    name: displayName ?? '',
    parentId: parentFolderId ?? null,
    isShared: false,
    itemCount: null,
  }),
  whole: FOLDER_FIELDS,
  changeKey: '',
};

const CONTACTS: Resource<z.infer<typeof Contact>, SyncedItem> = {
  schema: Contact,
  present: presentContact,
  whole: FIELDS,
  changeKey: 'changeKey',
};

export const contacts: CategoryResource = {
  containersPage: fetchContactFoldersPage,
  container: fetchContactFolder,
  items: { page: fetchContactsPage, each: fetchContacts },
  probe: { path: 'contacts', tellsLevelByBody: false },
  sharedProbe: 'contactFolders/delta?$select=id',
};

function fetchContactFoldersPage(
  transport: GraphTransport,
  access: GraphAccess,
  pageSize: number,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return fetchPage(transport, {
    access,
    url: cursor ?? {
      path: `${access.mailbox}/contactFolders/delta`,
      options: { $select: FOLDER_FIELDS.join(',') },
      name: 'contactFolders',
    },
    resource: FOLDERS,
    pageSize,
    isDelta: true,
  });
}

function fetchContactFolder(
  transport: GraphTransport,
  access: GraphAccess,
  id: string,
): Promise<GraphAnswer<Container>> {
  const path = `${access.mailbox}/contactFolders/${encodeURIComponent(id)}`;
  return fetchOne(transport, access, transport.url(path, { $select: FOLDER_FIELDS.join(',') }), FOLDERS);
}

function fetchContactsPage(
  transport: GraphTransport,
  access: GraphAccess,
  { container: folder, pageSize, isLight }: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  return fetchPage(transport, {
    access,
    url: cursor ?? {
      path: `${folderPath(access, folder)}/delta`,
      options: { $select: (isLight ? NAMES : FIELDS).join(',') },
      name: 'contacts',
    },
    resource: CONTACTS,
    pageSize,
    isDelta: true,
    isLight,
  });
}

function fetchContacts(
  transport: GraphTransport,
  access: GraphAccess,
  { container: folder }: Pick<DesiredStream, 'container'>,
  ids: readonly string[],
): Promise<EachItem<SyncedItem>> {
  return fetchEach(
    transport,
    access,
    ids,
    (id) => `${folderPath(access, folder)}/${encodeURIComponent(id)}?$select=${FIELDS.join(',')}`,
    (body) => itemOf(body, CONTACTS),
  );
}

function folderPath({ mailbox }: GraphAccess, folder: string): string {
  return folder === DEFAULT_CONTACTS
    ? `${mailbox}/contacts`
    : `${mailbox}/contactFolders/${encodeURIComponent(folder)}/contacts`;
}

function presentContact(contact: z.infer<typeof Contact>): SyncedItem {
  const phones = [...(contact.businessPhones ?? []), contact.mobilePhone ?? '', ...(contact.homePhones ?? [])];
  return {
    itemId: contact.id,
    changeKey: contact.changeKey ?? null,
    modifiedAt: instantOrNull(contact.lastModifiedDateTime),
    at: firstInstant(contact.lastModifiedDateTime, contact.createdDateTime),
    content: {
      subject: contact.displayName ?? '',
      people: (contact.emailAddresses ?? []).flatMap((address) => personOf('contact', address) ?? []),
      contact: {
        givenName: contact.givenName ?? undefined,
        surname: contact.surname ?? undefined,
        companyName: contact.companyName ?? undefined,
        jobTitle: contact.jobTitle ?? undefined,
        phones: phones.filter((phone) => phone !== ''),
      },
    },
  };
}
