/** A file of a member's own, opened at Microsoft under the current grant: what it holds is passed on and not kept. */
import { Readable } from 'node:stream';
import type { Principal } from '../consent/ports.ts';
import { readItem } from '../db/items.ts';
import { decide } from '../domain/decision.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import { type Refused, refuse } from '../domain/problems.ts';
import { openFileContent } from '../microsoft/graph/fileContent.ts';
import type { GraphAnswer } from '../sync/ports.ts';
import type { StoredItemsSources } from './findMemberMessage.ts';

export interface OpenedFile {
  readonly kind: 'file';
  readonly name: string;
  readonly body: Readable;
}

/** Only what is synchronized can be opened: what is left out, or somebody else's, is not found. */
export async function readFileContent(
  { database, keyring, consents, tokens, transport }: StoredItemsSources,
  { tenantId, memberId }: Principal,
  itemId: string,
): Promise<OpenedFile | Refused> {
  const facts = await consents.decisionFacts(tenantId, memberId);
  const level = facts === null ? null : decide('files', facts).effective;
  if (facts === null || level === null || level.sync === 'off') {
    return refuse('files_not_read');
  }
  const owner = { tenantId, memberId, category: 'files' } as const;
  const key = await keyring.forReading({ ...owner, purpose: 'files' });
  const item = key === null ? null : await readItem(database.kysely, owner, key, itemId);
  if (item === null || item.content.file?.isFolder !== false) {
    return refuse('not_found');
  }
  const token = await tokens.get({ tenantId, memberId, mode: facts.organization.mode }, scopesForLevel('files', level));
  if (token.kind !== 'token') {
    return refuse(token.kind === 'lost' ? 'sign_in_again' : 'microsoft_unavailable');
  }
  const answer = await openFileContent(transport, token.access, itemId);
  return answer.kind === 'ok'
    ? { kind: 'file', name: item.content.subject, body: Readable.fromWeb(answer.value) }
    : refusalOf(answer);
}

function refusalOf({ kind }: Exclude<GraphAnswer<unknown>, { kind: 'ok' }>): Refused {
  switch (kind) {
    case 'notFound':
      return refuse('not_found');
    case 'unauthorized':
    case 'forbidden':
      return refuse('microsoft_refused');
    case 'throttled':
    case 'cursorLost':
    case 'conflict':
    case 'mailboxUnavailable':
    case 'badRequest':
    case 'tooHeavy':
    case 'failed':
      return refuse('microsoft_unavailable');
  }
}
