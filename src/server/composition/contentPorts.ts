/** What the use cases on stored content work with. */
import { randomUUID } from 'node:crypto';
import { type ConsentPorts } from '../../consent/ports.ts';
import { GraphTransport } from '../../microsoft/graph/transport.ts';
import type { TokenPort } from '../../sync/ports.ts';
import { openContentStore } from '../../db/content/contentStore.ts';
import { changeRules } from '../../consent/changeRules.ts';
import { openMicrosoftContent } from '../../microsoft/graph/microsoftContent.ts';
import { type ContentPorts } from '../../content/ports.ts';
import { type Opened } from './opened.ts';

export function contentPorts(
  consent: Pick<ConsentPorts, 'store' | 'rules' | 'chance' | 'now'>,
  tokens: TokenPort,
  { database, keyring, clock: { now } }: Opened,
  transport: GraphTransport,
): ContentPorts {
  return {
    records: consent.store,
    store: openContentStore(database, keyring),
    tokens,
    microsoft: openMicrosoftContent(transport),
    changeRules: (member, change) => changeRules(consent, member, change),
    uuid: randomUUID,
    now,
  };
}
