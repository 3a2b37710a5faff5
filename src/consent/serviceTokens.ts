/** Tokens of the application itself, one a tenant, for the mailboxes that service mode covers. */
import type { ConsentPorts, TokenAnswer } from './ports.ts';
import { TokenCache } from './tokenCache.ts';

type Tokens = Extract<TokenAnswer, { kind: 'tokens' }>;

export class ServiceTokens {
  readonly #ports: Pick<ConsentPorts, 'entra' | 'now'>;
  readonly #kept: TokenCache<Tokens>;

  constructor(ports: Pick<ConsentPorts, 'entra' | 'now'>) {
    this.#ports = ports;
    this.#kept = new TokenCache(ports.now);
  }

  async get(tenantId: string): Promise<TokenAnswer> {
    return this.#kept.get(tenantId) ?? this.renew(tenantId);
  }

  /** Asks Entra again: roles that were granted since show in a new token only. */
  async renew(tenantId: string): Promise<TokenAnswer> {
    const answer = await this.#ports.entra.applicationToken(tenantId);
    if (answer.kind === 'tokens') {
      this.#kept.set(tenantId, answer);
    } else {
      this.#kept.delete(tenantId);
    }
    return answer;
  }
}
