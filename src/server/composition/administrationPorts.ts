/** What the use cases of owners and managers work with. */
import { type ConsentPorts, type DirectoryAnswer } from '../../consent/ports.ts';
import { openAdministrationStore } from '../../db/organization/administrationStore.ts';
import { type AdministrationPorts } from '../../administration/ports.ts';
import { type Opened } from './opened.ts';

/** The directory can be read where the tenant has granted the second registration its permissions. */
export function administrationPorts(
  consent: Pick<ConsentPorts, 'store' | 'directory' | 'entra'>,
  { database, keyring, clock: { now } }: Opened,
): AdministrationPorts {
  const { store, entra, directory } = consent;
  const ask = async <T>(tenantId: string, read: (accessToken: string) => Promise<DirectoryAnswer<T>>) => {
    const service = entra.offersService ? (await store.organization(tenantId))?.service : null;
    const token = (service ?? null) === null ? null : await entra.applicationToken(tenantId);
    const answer = token?.kind === 'tokens' ? await read(token.accessToken) : null;
    return answer?.kind === 'ok' ? answer.value : null;
  };
  return {
    store: openAdministrationStore(database, keyring, {
      organization: (tenantId) => store.organization(tenantId),
      members: (tenantId) => store.members(tenantId),
      membersOf: (tenantId, memberIds) => store.membersOf(tenantId, memberIds),
      peopleIn: (tenantId, audience) => store.peopleIn(tenantId, audience),
      addPeople: (tenantId, people, at) => store.transact((writer) => writer.addPeople(tenantId, people, at)),
    }),
    directory: {
      findPeople: (tenantId, search) => ask(tenantId, (token) => directory.findPeople(token, search)),
      everyone: (tenantId) => ask(tenantId, (token) => directory.everyone(token)),
      findGroups: (tenantId, search) => ask(tenantId, (token) => directory.groups(token, search)),
    },
    now,
  };
}
