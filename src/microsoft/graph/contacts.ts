/**
 * Contacts: the list of contact folders and the contacts of each, by delta. The default folder is not in the list.
 *
 * Source  "contactFolder: delta", "contact: delta", "contact resource type" (learn.microsoft.com/graph).
 */
import { z } from 'zod';
import type { SyncedItem } from '../../domain/items.ts';
import { DEFAULT_CONTACTS } from '../../domain/streams.ts';
import type { Container, GraphAccess, GraphAnswer, GraphPage } from '../../sync/ports.ts';
import { EmailAddress, instantOrNull, personOf } from './fields.ts';
import { Id, readPage } from './pages.ts';
import type { GraphTransport } from './transport.ts';

const FIELDS = [
  'id',
  'changeKey',
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

const Folder = z.object({ id: Id, displayName: z.string().nullish(), parentFolderId: z.string().nullish() });

const Contact = z.object({
  id: Id,
  changeKey: Id.nullish(),
  lastModifiedDateTime: z.iso.datetime({ offset: true }).nullish(),
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

export function readContactFoldersPage(
  transport: GraphTransport,
  access: GraphAccess,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return readPage(transport, {
    access,
    url:
      cursor ?? transport.url(`${access.mailbox}/contactFolders/delta`, { $select: 'id,displayName,parentFolderId' }),
    schema: Folder,
    present: ({ id, displayName, parentFolderId }) => ({
      id,
      name: displayName ?? '',
      parentId: parentFolderId ?? null,
      isShared: false,
      itemCount: null,
    }),
    isDelta: true,
  });
}

export function readContactsPage(
  transport: GraphTransport,
  access: GraphAccess,
  folder: string,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  const path = folder === DEFAULT_CONTACTS ? 'contacts' : `contactFolders/${encodeURIComponent(folder)}/contacts`;
  return readPage(transport, {
    access,
    url: cursor ?? transport.url(`${access.mailbox}/${path}/delta`, { $select: FIELDS.join(',') }),
    schema: Contact,
    present: presentContact,
    isDelta: true,
  });
}

function presentContact(contact: z.infer<typeof Contact>): SyncedItem {
  const modifiedAt = instantOrNull(contact.lastModifiedDateTime);
  const phones = [...(contact.businessPhones ?? []), contact.mobilePhone ?? '', ...(contact.homePhones ?? [])];
  return {
    itemId: contact.id,
    changeKey: contact.changeKey ?? null,
    modifiedAt,
    at: modifiedAt ?? new Date(0),
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
