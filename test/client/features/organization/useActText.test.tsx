import { describe, expect, test } from '@jest/globals';
import { renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { useActText } from '../../../../src/client/features/organization/useActText.ts';
import { ScreenTextProvider } from '../../../../src/client/text/ScreenTextProvider.tsx';
import { RecipientContext } from '../../../../src/client/ui/Recipient.tsx';
import { AUDIT_ACTIONS, AUDIT_ACTS, type DetailVocabulary } from '../../../../src/domain/audit.ts';
import { NORTHGATE } from '../../../support/inApp.tsx';

const OWEN = { id: '1', name: 'Owen Park' };
const MARA = { id: '2', name: 'Mara Ellis' };

/** Who receives what is synchronized has a name in what the operator does. */
function InRecipient({ children }: { readonly children: ReactNode }) {
  return (
    <ScreenTextProvider>
      <RecipientContext value={NORTHGATE}>{children}</RecipientContext>
    </ScreenTextProvider>
  );
}

function say(event: Parameters<ReturnType<typeof useActText>>[0]): string {
  return renderHook(() => useActText(), { wrapper: InRecipient }).result.current(event);
}

const WORD: Readonly<Record<DetailVocabulary, string>> = {
  mode: 'service',
  role: 'manager',
  refusal: 'tooWide',
  category: 'calendar',
};

describe('an act of the audit log', () => {
  test.each(AUDIT_ACTIONS)('%s is a sentence, without a code or a gap', (action) => {
    const detail = Object.fromEntries(
      Object.entries<DetailVocabulary>(AUDIT_ACTS[action]).map(([name, vocabulary]) => [name, WORD[vocabulary]]),
    );
    const text = say({ action, actor: OWEN, target: MARA, detail: { scopes: ['Mail.Read'], items: 3, ...detail } });

    expect(text).toMatch(/^\S.*\S$/);
    expect(text).not.toMatch(/history\.|tooWide|undefined|null|\{|\}|: $|\s\s/);
  });

  test.each([
    ['organization.modeChanged', { from: 'individual', to: 'organization' }, 'everyone decides for themselves'],
    ['organization.roleChanged', { from: null, to: 'manager' }, 'Owen Park changed the role of Mara Ellis to manager'],
    ['organization.roleChanged', { from: 'manager', to: null }, 'Owen Park changed the role of Mara Ellis to none'],
    ['consent.refused', { mode: 'individual', reason: 'declined' }, 'Nothing was granted to Owen Park: cancelled'],
    ['sync.paused', { category: 'files', until: null }, 'Owen Park paused files'],
    ['organization.suspended', { by: 'key abc' }, 'Northgate CRM suspended synchronizing'],
    ['grant.narrowed', { scopes: ['Mail.ReadBasic', 'Tasks.Read'] }, 'Mail.ReadBasic, Tasks.Read'],
  ] as const)('%s with %j', (action, detail, text) => {
    expect(say({ action, actor: OWEN, target: MARA, detail })).toContain(text);
  });

  test('of another version is told by its code, and a word of another version as it was written', () => {
    expect(say({ action: 'sync.newer', actor: OWEN, target: null, detail: {} })).toBe('Owen Park: sync.newer');
    expect(say({ action: 'connection.lost', actor: null, target: MARA, detail: { reason: 'neverSeen' } })).toBe(
      'The connection of Mara Ellis was lost: neverSeen',
    );
  });
});
