/** The ids of the texts about checks. Where a finding or a remedy has none, this does not compile. */
import { CHECK_NAMES, type CheckName, CHECKS, type FindingOf, type RemediedOf } from '../../domain/checks.ts';
import type { WordId } from './TextProvider.tsx';

type FindingId = { [C in CheckName]: `ready.${C}.${FindingOf<C>}` }[CheckName];
type RemedyId = { [C in CheckName]: `ready.${C}.${RemediedOf<C>}.remedy` }[CheckName];

const FINDINGS: ReadonlyMap<string, 'none' | 'remedy'> = new Map(
  CHECK_NAMES.flatMap((check) =>
    Object.entries(CHECKS[check]).map(([finding, kind]) => [`ready.${check}.${finding}`, kind] as const),
  ),
);

/** What a check found; `null` for what another version found. */
export function findingId(check: CheckName, finding: string): WordId | null {
  const id = `ready.${check}.${finding}`;
  return isFindingId(id) ? id : null;
}

/** What to do about it; `null` where there is nothing. */
export function remedyId(check: CheckName, finding: string): WordId | null {
  const id = `ready.${check}.${finding}.remedy`;
  return isRemedyId(id) ? id : null;
}

function isFindingId(id: string): id is FindingId {
  return FINDINGS.has(id);
}

function isRemedyId(id: string): id is RemedyId {
  return FINDINGS.get(id.replace(/\.remedy$/, '')) === 'remedy';
}
