/**
 * Tokens of the application itself, one a tenant, for the mailboxes that service mode covers.
 *
 * Units   Used until two minutes before they expire.
 */
import type { ConsentPorts, TokenAnswer } from './ports.ts';

const EXPIRY_MARGIN_MILLISECONDS = 120_000;

type Tokens = Extract<TokenAnswer, { kind: 'tokens' }>;

export class ServiceTokens {
  readonly #ports: Pick<ConsentPorts, 'entra' | 'now'>;
  readonly #kept = new Map<string, Tokens>();

  constructor(ports: Pick<ConsentPorts, 'entra' | 'now'>) {
    this.#ports = ports;
  }

  async get(tenantId: string): Promise<TokenAnswer> {
    const kept = this.#kept.get(tenantId);
    const isUsable =
      kept !== undefined && kept.expiresAt.getTime() - this.#ports.now().getTime() > EXPIRY_MARGIN_MILLISECONDS;
    return isUsable ? kept : this.renew(tenantId);
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
