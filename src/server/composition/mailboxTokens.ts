/** Which token serves a mailbox: its member's own, or in service mode the application's. */
import type { AccessTokenProvider } from '../../consent/accessTokens.ts';
import type { ServiceTokens } from '../../consent/serviceTokens.ts';
import type { TokenPort } from '../../sync/ports.ts';

export function mailboxTokens(members: AccessTokenProvider, service: ServiceTokens): TokenPort {
  return {
    get: async ({ tenantId, memberId, mode }, needed) => {
      if (mode === 'service') {
        const answer = await service.get(tenantId);
        return answer.kind === 'tokens'
          ? { kind: 'token', access: { accessToken: answer.accessToken, mailbox: `users/${memberId}`, memberId } }
          : { kind: 'unavailable' };
      }
      const answer = await members.get(tenantId, memberId, needed);
      return answer.kind === 'token'
        ? { kind: 'token', access: { accessToken: answer.accessToken, mailbox: 'me', memberId } }
        : answer;
    },
    renew: ({ tenantId, memberId, mode }) =>
      mode === 'service' ? service.renew(tenantId) : members.renew(tenantId, memberId),
  };
}
