/**
 * Graph access tokens for background work, from the stored refresh token.
 *
 * Each refresh brings a new refresh token, which replaces the old one, and the scopes that are granted now:
 * that is how a personal grant that was changed at Microsoft is noticed.
 *
 * Errors  A refusal of the grant ends the connection (`lost`, with the reason) and is never tried again with the
 *         same token; anything else is `unavailable` and costs the member nothing.
 */
import { missingScopes, IDENTITY_SCOPES } from '../domain/permissions.ts';
import type { Connection } from '../domain/records.ts';
import { endsGrant, type EntraError, refusalOf, REFUSALS } from '../domain/refusals.ts';
import { recordGroupMembership, storeTokens, suspendAccess } from './connectMember.ts';
import type { ConsentPorts, TokenAnswer } from './ports.ts';
import { TokenCache } from './tokenCache.ts';

/** A page that is loaded again and again asks Entra no more often than this. */
const SEEN_MILLISECONDS = 5_000;

export type AccessTokenAnswer =
  | { readonly kind: 'token'; readonly accessToken: string; readonly scopes: readonly string[] }
  | { readonly kind: 'lost' }
  | { readonly kind: 'unavailable' };

type Tokens = Extract<TokenAnswer, { kind: 'tokens' }>;

/** A token with the connection that it was made for. */
type KeptTokens = Tokens & { readonly connectionId: string };

export class AccessTokenProvider {
  readonly #ports: ConsentPorts;
  readonly #kept: TokenCache<KeptTokens>;
  readonly #underWay = new Map<string, Promise<AccessTokenAnswer>>();

  constructor(ports: ConsentPorts) {
    this.#ports = ports;
    this.#kept = new TokenCache(ports.now);
  }

  /** A token that carries `needed`; one that is kept is used only when it does. */
  async get(tenantId: string, memberId: string, needed: readonly string[]): Promise<AccessTokenAnswer> {
    const connection = await this.#ports.store.connection(tenantId, memberId);
    const key = keyOf(tenantId, memberId);
    if (connection?.status !== 'live') {
      this.#kept.delete(key);
      return { kind: 'lost' };
    }
    const kept = this.#kept.get(key);
    if (kept?.connectionId === connection.connectionId && missingScopes(kept.scopes, needed).length === 0) {
      return { kind: 'token', accessToken: kept.accessToken, scopes: kept.scopes };
    }
    return this.renew(tenantId, memberId);
  }

  /** Asks Entra for a new token now; callers at the same time share one request. */
  renew(tenantId: string, memberId: string): Promise<AccessTokenAnswer> {
    const key = keyOf(tenantId, memberId);
    const running = this.#underWay.get(key);
    if (running !== undefined) {
      return running;
    }
    const renewal = this.#renew(tenantId, memberId).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, renewal);
    return renewal;
  }

  /** Asks Entra again when the stored scopes are older than a few seconds, so that an open page is up to date. */
  async refreshSeen(tenantId: string, memberId: string): Promise<void> {
    const connection = await this.#ports.store.connection(tenantId, memberId);
    const age = this.#ports.now().getTime() - (connection?.scopesCheckedAt.getTime() ?? 0);
    if (connection?.status === 'live' && connection.hasCredential && age > SEEN_MILLISECONDS) {
      await this.renew(tenantId, memberId);
    }
  }

  async #renew(tenantId: string, memberId: string): Promise<AccessTokenAnswer> {
    const connection = await this.#ports.store.connection(tenantId, memberId);
    const refreshToken = await this.#ports.vault.read(tenantId, memberId);
    const seen = connection?.scopesCheckedAt ?? null;
    if (refreshToken === null || connection === null) {
      return this.#lose(tenantId, memberId, 'signInAgain', seen);
    }
    const answer = await this.#ports.entra.refresh(tenantId, refreshToken, IDENTITY_SCOPES);
    switch (answer.kind) {
      case 'tokens':
        return this.#keep(tenantId, memberId, connection.connectionId, answer);
      case 'unavailable':
        return { kind: 'unavailable' };
      case 'refused':
        return this.#refused(tenantId, memberId, connection, answer.error);
    }
  }

  async #refused(
    tenantId: string,
    memberId: string,
    { connectionId, scopesCheckedAt }: Connection,
    error: EntraError,
  ): Promise<AccessTokenAnswer> {
    const refusal = refusalOf(error);
    if (REFUSALS[refusal].suspends !== 'none') {
      this.#kept.delete(keyOf(tenantId, memberId));
      await suspendAccess(this.#ports, tenantId, memberId, connectionId, refusal);
      return { kind: 'unavailable' };
    }
    return endsGrant(error) ? this.#lose(tenantId, memberId, refusal, scopesCheckedAt) : { kind: 'unavailable' };
  }

  async #keep(tenantId: string, memberId: string, connectionId: string, tokens: Tokens): Promise<AccessTokenAnswer> {
    await storeTokens(this.#ports, tenantId, memberId, tokens, 'shared', connectionId);
    await recordGroupMembership(this.#ports, { tenantId, memberId }, tokens.accessToken);
    const connection = await this.#ports.store.connection(tenantId, memberId);
    if (connection?.status !== 'live') {
      return { kind: 'lost' };
    }
    if (connection.connectionId === connectionId) {
      this.#kept.set(keyOf(tenantId, memberId), { ...tokens, connectionId });
    }
    return { kind: 'token', accessToken: tokens.accessToken, scopes: tokens.scopes };
  }

  /** Unless someone signed in meanwhile: a newer connection is not lost by an older token. */
  async #lose(tenantId: string, memberId: string, reason: string, seen: Date | null): Promise<AccessTokenAnswer> {
    this.#kept.delete(keyOf(tenantId, memberId));
    await this.#ports.store.transact(async (writer) => {
      await writer.lockOrganization(tenantId);
      const connection = await writer.lockConnection(tenantId, memberId);
      if (connection?.status !== 'live' || connection.scopesCheckedAt.getTime() !== seen?.getTime()) {
        return;
      }
      await writer.loseConnection(tenantId, memberId, reason);
      await writer.record({
        tenantId,
        at: this.#ports.now(),
        acts: [{ actorId: null, action: 'connection.lost', target: memberId, detail: { reason } }],
        tell: [memberId],
      });
    });
    return { kind: 'lost' };
  }
}

function keyOf(tenantId: string, memberId: string): string {
  return `${tenantId}/${memberId}`;
}
