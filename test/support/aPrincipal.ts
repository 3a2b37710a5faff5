import type { Principal } from '../../src/domain/people.ts';

export function aPrincipal(tenantId: string, memberId: string, directoryRoles: readonly string[] = []): Principal {
  return { tenantId, memberId, name: null, account: null, loginHint: null, directoryRoles, isGuest: false };
}
