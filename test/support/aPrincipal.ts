/** Someone as a token without anything optional names them. */
import type { Principal } from '../../src/consent/ports.ts';

export function aPrincipal(tenantId: string, memberId: string, directoryRoles: readonly string[] = []): Principal {
  return { tenantId, memberId, name: null, account: null, loginHint: null, directoryRoles, isGuest: false };
}
