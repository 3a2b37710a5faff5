/** What consent works with: the database, Entra, the directory, and the keys. */
import { randomBytes, randomUUID } from 'node:crypto';
import { AccessTokenProvider } from '../../consent/accessTokens.ts';
import { type ConsentPorts, type UnsubscribePort } from '../../consent/ports.ts';
import { ServiceTokens } from '../../consent/serviceTokens.ts';
import { credentialVault } from '../../db/consent/connections.ts';
import { openConsentStore } from '../../db/consent/consentStore.ts';
import { readSubscriptionIds, readSubscriptions } from '../../db/sync/subscriptions.ts';
import { rulesVault } from '../../db/organization/memberRulesStore.ts';
import { openEntraClient } from '../../microsoft/entra/entraClient.ts';
import { openDirectory } from '../../microsoft/graph/directory.ts';
import { GraphTransport } from '../../microsoft/graph/transport.ts';
import { prepareUnsubscribeAll, type UnsubscribePorts } from '../../sync/unsubscribe.ts';
import type { BackgroundWork } from '../backgroundWork.ts';
import type { Log } from '../log.ts';
import { mailboxTokens } from './mailboxTokens.ts';
import type { Services } from '../services.ts';
import type { Settings } from '../settings.ts';
import { type Opened } from './opened.ts';
import { apiScopeOf } from './addresses.ts';
import { graphPortOf } from './graph.ts';

/** The ports of consent, and the tokens that come of it; taking leave of Graph needs one of them once more. */
export function openConsent(settings: Settings, log: Log, opened: Opened, transport: GraphTransport) {
  const { database } = opened;
  const { now } = opened.clock;
  const unsubscribe: UnsubscribePorts = {
    idsOf: async (tenantId, mailboxId) =>
      (await readSubscriptions(database.kysely, { tenantId, mailboxId })).flatMap((made) => made.subscriptionId ?? []),
    idsIn: (tenantId, limit) => readSubscriptionIds(database.kysely, tenantId, limit),
    tokens: { get: (mailbox, needed) => graphTokens.get(mailbox, needed) },
    graph: graphPortOf(settings, transport),
    now,
  };
  const unsubscriber: UnsubscribePort = {
    prepare: async (tenantId, mode) => {
      const leave = await prepareUnsubscribeAll(unsubscribe, tenantId, mode);
      return () =>
        leave().catch((error: unknown) => {
          log.warn({ err: error }, 'ending subscriptions failed');
        });
    },
  };
  const consent: ConsentPorts = { ...consentPorts(settings, opened, transport), unsubscriber };
  const tokens = new AccessTokenProvider(consent);
  const graphTokens = mailboxTokens(tokens, new ServiceTokens(consent));
  return { consent, tokens, graphTokens, unsubscribe };
}

function consentPorts(
  settings: Settings,
  { database, keyring, http, clock: { now } }: Opened,
  transport: GraphTransport,
): Omit<ConsentPorts, 'unsubscriber'> {
  const urls = {
    redirectUri: `${settings.publicUrl}/consent/return`,
    signIn: { redirectUri: `${settings.publicUrl}/sign-in/return`, scope: apiScopeOf(settings) },
  };
  return {
    store: openConsentStore(database, now),
    directory: openDirectory(transport, settings.entra.clientId),
    entra: openEntraClient({ ...settings.entra, ...urls, cloud: settings.cloud, service: settings.service }, http, now),
    vault: credentialVault(database, keyring),
    rules: rulesVault(keyring),
    chance: { token: (bytes) => randomBytes(bytes).toString('base64url'), uuid: randomUUID },
    now,
  };
}

export function createGrantRecheck(tokens: AccessTokenProvider, background: BackgroundWork): Services['recheckGrant'] {
  return ({ tenantId, memberId }) => {
    background.start('looking at a grant again', () => tokens.refreshSeen(tenantId, memberId));
  };
}
