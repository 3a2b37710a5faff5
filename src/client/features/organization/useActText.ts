/** One act of the audit log as a sentence. */
import type { AuditEvent } from '../../../contract/api/audit.ts';
import { AUDIT_ACTIONS, AUDIT_ACTS, type DetailVocabulary } from '../../../domain/audit.ts';
import { CATEGORIES } from '../../../domain/categories/categories.ts';
import { MODES } from '../../../domain/mode.ts';
import { REFUSAL_WORDS } from '../../../domain/refusals.ts';
import { PRODUCT_ROLES } from '../../../domain/roles.ts';
import { useRecipient } from '../../ui/Recipient.tsx';
import { useWords, type WordId } from '../../text/TextProvider.tsx';

/** What a text may name, where an act has nothing of the name. */
const ABSENT = { from: '', to: '', scopes: '', count: '', kind: '', mode: '', reason: '', enabled: '', items: '' };

export function useActText(): (event: Pick<AuditEvent, 'action' | 'actor' | 'target' | 'detail'>) => string {
  const words = useWords();
  const { name: recipient } = useRecipient();
  return ({ action: written, actor, target, detail }) => {
    const who = actor === null ? words('history.assent') : (actor.name ?? words('app.unnamed'));
    const action = AUDIT_ACTIONS.find((known) => known === written);
    if (action === undefined) {
      return `${who}: ${written}`;
    }
    const vocabularies: Readonly<Record<string, DetailVocabulary>> = AUDIT_ACTS[action];
    const values = Object.entries(detail).map(([name, value]) => {
      const id = nameOf(vocabularies[name], value);
      return [name, id === null ? plain(value) : words(id)];
    });
    return words(`history.${action}`, {
      ...ABSENT,
      who,
      recipient,
      target: target?.name ?? '',
      ...Object.fromEntries(values),
    });
  };
}

/** The text of a word; `null` for what is none, also of another version. */
function nameOf(vocabulary: DetailVocabulary | undefined, value: unknown): WordId | null {
  switch (vocabulary) {
    case 'mode':
      return idOf('history.mode', MODES, value);
    case 'role':
      return idOf('history.role', PRODUCT_ROLES, value);
    case 'refusal':
      return idOf('history.refusal', REFUSAL_WORDS, value);
    case 'category':
      return idOf('history.category', CATEGORIES, value);
    case undefined:
      return null;
  }
}

function idOf<Family extends string, Word extends string>(
  family: Family,
  vocabulary: readonly Word[],
  value: unknown,
): `${Family}.${Word}` | null {
  const word = vocabulary.find((known) => known === value);
  return word === undefined ? null : `${family}.${word}`;
}

/** Codes, counts and lists as text. */
function plain(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(plain).join(', ');
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
