/**
 * Contact folders and contacts. The default folder is reached without an id and is not in the list.
 *
 * Source  "contactFolder: delta", "contact: delta", "List contacts" (learn.microsoft.com/graph).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DEFAULT_CONTACT_FOLDER } from '../seed/generateOtherContent.ts';
import { type Caller, requirePermission, requireMailboxAccess, mailboxCallerOf, mailboxPath } from './access.ts';
import { collectionDelta } from './collectionDelta.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import type { GraphContext } from './graphContext.ts';
import type { Mailbox } from './mailbox.ts';
import { pageRequest, selected } from './paging.ts';
import type { StoredContact, StoredContainer } from './stored.ts';

export function registerContacts(app: FastifyInstance, context: GraphContext): void {
  for (const base of ['/v1.0/me', '/v1.0/users/:mailbox']) {
    app.get(`${base}/contactFolders`, (request) => {
      const { mailbox } = enter(context, request);
      return { value: mailbox.contactFolders.all().map(presentFolder) };
    });
    for (const form of ['delta', 'delta()']) {
      app.get(`${base}/contactFolders/${form}`, (request) => folderDelta(context, request));
      app.get(`${base}/contactFolders/:folder/contacts/${form}`, (request) => contactDelta(context, request));
      app.get(`${base}/contacts/${form}`, (request) => contactDelta(context, request));
    }
    app.get(`${base}/contactFolders/:folder`, (request) => {
      const { mailbox } = enter(context, request);
      const { select } = pageRequest(request, 'folder', context.generation());
      return selected(presentFolder(found(mailbox.contactFolders.get(named(request, 'folder')))), select);
    });
    for (const path of [`${base}/contacts/:contact`, `${base}/contactFolders/:folder/contacts/:contact`]) {
      app.get(path, (request) => {
        const { mailbox } = enter(context, request);
        const { select } = pageRequest(request, 'contact', context.generation());
        return selected(presentContact(found(mailbox.contacts.get(named(request, 'contact')))), select);
      });
    }
    app.get(`${base}/contacts`, (request) => {
      const { mailbox } = enter(context, request);
      const { select, limit } = pageRequest(request, 'contacts', context.generation());
      const { items } = mailbox.contacts.page(DEFAULT_CONTACT_FOLDER, 0, limit);
      return { value: items.map((contact) => selected(presentContact(contact), select)) };
    });
  }
}

function enter(context: GraphContext, request: FastifyRequest): { caller: Caller; mailbox: Mailbox } {
  const caller = mailboxCallerOf(context, request);
  requirePermission(caller, 'contacts');
  requireMailboxAccess(caller);
  return { caller, mailbox: context.mailboxes.of(caller.person.upn) };
}

function named(request: FastifyRequest, name: string): string {
  return z.record(z.string(), z.string()).parse(request.params)[name] ?? '';
}

function found<T>(item: T | null): T {
  if (item === null) {
    throw new GraphError(GRAPH_REFUSALS.itemNotFound);
  }
  return item;
}

function folderDelta(context: GraphContext, request: FastifyRequest): object {
  const { mailbox } = enter(context, request);
  return collectionDelta({
    context,
    request,
    collection: mailbox.contactFolders,
    container: null,
    sequence: mailbox.sequence,
    path: `${mailboxPath(request)}/contactFolders/delta`,
    present: presentFolder,
  });
}

function contactDelta(context: GraphContext, request: FastifyRequest): object {
  const { mailbox } = enter(context, request);
  const { folder } = z.object({ folder: z.string().optional() }).parse(request.params);
  if (folder !== undefined && mailbox.contactFolders.get(folder) === null) {
    throw new GraphError(GRAPH_REFUSALS.itemNotFound);
  }
  const path = folder === undefined ? 'contacts' : `contactFolders/${folder}/contacts`;
  return collectionDelta({
    context,
    request,
    collection: mailbox.contacts,
    container: folder ?? DEFAULT_CONTACT_FOLDER,
    sequence: mailbox.sequence,
    path: `${mailboxPath(request)}/${path}/delta`,
    present: presentContact,
  });
}

function presentFolder({ id, name, container }: StoredContainer): Record<string, unknown> {
  return { id, displayName: name, parentFolderId: container };
}

function presentContact(contact: StoredContact): Record<string, unknown> {
  const { id, changeKey, modifiedAt, container, displayName, givenName, surname } = contact;
  return {
    '@odata.etag': `W/"${changeKey}"`,
    id,
    changeKey,
    createdDateTime: modifiedAt,
    lastModifiedDateTime: modifiedAt,
    categories: [],
    parentFolderId: container,
    displayName,
    givenName,
    surname,
    companyName: contact.companyName,
    jobTitle: contact.jobTitle,
    emailAddresses: contact.emailAddresses,
    businessPhones: contact.businessPhones,
    homePhones: [],
    mobilePhone: null,
  };
}
