/**
 * `admin organizations`: `list` names every organization and how it stands, `suspend ID` stops synchronizing there, `resume ID` goes
 * on; the same use cases as the routes of the operator's API.
 *
 * Errors  `AdminCommandError` where there is no such organization.
 */
import { z } from 'zod';
import { resumeOrganization, suspendOrganization } from '../consent/operatorChanges.ts';
import type { ConsentPorts } from '../consent/ports.ts';
import type { ListedOrganization, OrganizationList } from '../delivery/ports.ts';
import { AdminCommandError } from './adminCommandError.ts';

export interface AdminOrganizationPorts {
  readonly organizations: OrganizationList;
  readonly consent: Pick<ConsentPorts, 'store' | 'now'>;
}

const PAGE = 1_000;
/** As the history names who asked for it. */
const BY = 'command';

const CHANGES = new Map([
  [
    'suspend',
    { change: suspendOrganization, done: 'is suspended: nothing is synchronized there. What is stored stays.' },
  ],
  ['resume', { change: resumeOrganization, done: 'is not suspended.' }],
]);

/** Answers the lines to print, or `null` where there is no such verb. */
export async function runOrganizations(
  { organizations, consent }: AdminOrganizationPorts,
  verb: string | undefined,
  id: string | undefined,
): Promise<readonly string[] | null> {
  if (verb === 'list' && id === undefined) {
    return listOrganizations(organizations);
  }
  const wanted = CHANGES.get(verb ?? '');
  if (wanted === undefined || id === undefined) {
    return null;
  }
  const { data: tenantId } = z.uuid().toLowerCase().safeParse(id);
  const changed = tenantId === undefined ? null : await wanted.change(consent, tenantId, BY);
  if (changed?.kind !== 'changed') {
    throw new AdminCommandError(`There is no organization ${id}: admin organizations list names all of them`);
  }
  return [`${tenantId} ${wanted.done}`];
}

async function listOrganizations(organizations: OrganizationList): Promise<readonly string[]> {
  const lines: string[] = [];
  for (let after: string | null = null; ;) {
    const page: readonly ListedOrganization[] = await organizations(null, after, PAGE);
    lines.push(...page.map(lineOf));
    after = page.at(-1)?.tenantId ?? null;
    if (page.length < PAGE) {
      return lines;
    }
  }
}

function lineOf({ tenantId, name, mode, isEnabled, suspendedAt, members, connected }: ListedOrganization): string {
  return [
    tenantId,
    name ?? 'without a name yet',
    suspendedAt !== null ? `suspended ${suspendedAt.toISOString()}` : isEnabled ? 'enabled' : 'disabled',
    mode,
    `${connected} of ${members} connected`,
  ].join('\t');
}
