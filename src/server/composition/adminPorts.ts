/** What the `admin` command works with: the database alone, without a network. */
import { openConsentStore } from '../../db/consent/consentStore.ts';
import { openOrganizationList } from '../../db/delivery/organizationList.ts';
import type { Database } from '../../db/openDatabase.ts';
import type { AdminPorts } from '../adminCommand.ts';
import { apiKeyPorts } from './deliveryPorts.ts';

export function adminPorts(database: Database, now: () => Date): AdminPorts {
  return {
    ...apiKeyPorts(database, now),
    organizations: openOrganizationList(database),
    consent: { store: openConsentStore(database, now), now },
  };
}
