/** A file of a member's own, opened at Microsoft under the current grant: what it holds is passed on and not kept. */
import type { ReadableStream } from 'node:stream/web';
import { decide } from '../domain/decision.ts';
import { scopesForLevel } from '../domain/permissions.ts';
import { type ProblemCode, type Refused, refuse } from '../domain/problems.ts';
import type { ContentPorts, Looked } from './ports.ts';
import { type MemberName } from '../domain/records.ts';

export interface OpenedFile {
  readonly kind: 'file';
  readonly name: string;
  readonly body: ReadableStream;
}

/** Only what is synced can be opened: what is excluded, or another member's, is not found. */
export async function openFile(
  { records, store, tokens, microsoft }: ContentPorts,
  member: MemberName,
  itemId: string,
): Promise<OpenedFile | Refused> {
  const { tenantId, memberId } = member;
  const facts = await records.decisionFacts(tenantId, memberId);
  const level = facts === null ? null : decide('files', facts).effective;
  if (facts === null || level === null || level.sync === 'off') {
    return refuse('files_not_read');
  }
  const item = await store.item(member, 'files', itemId);
  if (item?.content.file?.isFolder !== false) {
    return refuse('not_found');
  }
  const token = await tokens.get({ tenantId, memberId, mode: facts.organization.mode }, scopesForLevel('files', level));
  if (token.kind !== 'token') {
    return refuse(token.kind === 'lost' ? 'sign_in_again' : 'microsoft_unavailable');
  }
  const opened = await microsoft.openFile(token.access, itemId);
  return opened.kind === 'ok'
    ? { kind: 'file', name: item.content.subject, body: opened.value }
    : refuse(REFUSALS[opened.kind]);
}

const REFUSALS: Readonly<Record<Exclude<Looked<unknown>['kind'], 'ok'>, ProblemCode>> = {
  notFound: 'not_found',
  refused: 'microsoft_refused',
  closed: 'microsoft_unavailable',
  unavailable: 'microsoft_unavailable',
};
