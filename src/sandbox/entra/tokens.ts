/**
 * Tokens as Entra makes them: v2.0 for the application's own API, v1.0 for Graph, ID tokens, codes and
 * refresh tokens.
 *
 * Source  "Access token claims reference", "ID token claims reference" (learn.microsoft.com/entra).
 */
import { createHmac, createPrivateKey, createPublicKey, createSign, randomUUID, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Person, ROLES } from '../world/people.ts';
import type { Tenant, World } from '../world/world.ts';
import { GRAPH_APP_ID, type Registration } from './registration.ts';

const TOKEN_SECONDS = 4_500;
const ID_TOKEN_SECONDS = 3_600;

export type Claims = Record<string, unknown>;

/** What a code or a refresh token stands for. */
export const Ticket = z.object({
  use: z.enum(['code', 'refresh']),
  tid: z.string(),
  oid: z.string(),
  iat: z.number(),
  exp: z.number(),
  id: z.string(),
  scopes: z.array(z.string()),
  redirectUri: z.string().optional(),
  challenge: z.string().optional(),
  nonce: z.string().optional(),
});
export type Ticket = z.infer<typeof Ticket>;

/** Opaque to applications, as Entra's is; sent back, it selects the account ("Optional claims reference", `login_hint`). */
export function loginHintOf({ oid }: Person): string {
  return `O.${Buffer.from(oid).toString('base64url')}`;
}

export class TokenIssuer {
  readonly #world: World;
  readonly #registration: Registration;
  readonly #origin: string;
  readonly #now: () => Date;

  constructor(world: World, registration: Registration, origin: string, now: () => Date) {
    this.#world = world;
    this.#registration = registration;
    this.#origin = origin;
    this.#now = now;
  }

  /** The public key set; every key names the issuer that it signs for. */
  keySet(): object {
    const { kid, pem } = this.#world.signingKey;
    const { n, e, kty } = createPublicKey(createPrivateKey(pem)).export({ format: 'jwk' });
    return { keys: [{ kty, use: 'sig', kid, n, e, issuer: `${this.#origin}/{tenantid}/v2.0` }] };
  }

  /** For the application's own API, as a host hands it over (`azp` is the host) or as NAA does (`azp` is the app). */
  apiToken(tenant: Tenant, person: Person, authorizedParty: string): Claims {
    return {
      ...this.#common(tenant, person, TOKEN_SECONDS),
      aud: this.#registration.clientId,
      iss: `${this.#origin}/${tenant.id}/v2.0`,
      azp: authorizedParty,
      azpacr: '0',
      scp: 'access_as_user',
      preferred_username: person.upn,
      login_hint: loginHintOf(person),
      wids: [...person.roles, ROLES.ordinaryMember],
      acct: person.isGuest ? 1 : 0,
      ...(this.#world.hasSteppedUp(tenant.id, person.oid) ? { acrs: ['c1'] } : {}),
      ...(person.isGuest ? { idp: `https://sts.windows.net/${randomUUID()}/` } : {}),
      ver: '2.0',
    };
  }

  /** For Graph: every scope that was ever granted, whatever was asked for this time. */
  graphToken(tenant: Tenant, person: Person): Claims {
    const scopes = this.#world.grantedScopes(tenant.id, person.oid).filter((scope) => scope !== 'access_as_user');
    return {
      ...this.#common(tenant, person, TOKEN_SECONDS),
      aud: GRAPH_APP_ID,
      iss: `https://sts.windows.net/${tenant.id}/`,
      appid: this.#registration.clientId,
      scp: scopes.join(' '),
      upn: person.upn,
      ver: '1.0',
    };
  }

  /** For Graph without a user; `roles` are Entra's only: what Exchange has granted does not show. */
  applicationToken(tenant: Tenant, clientId: string, roles: readonly string[]): Claims {
    const now = this.#seconds();
    return {
      aud: GRAPH_APP_ID,
      iss: `https://sts.windows.net/${tenant.id}/`,
      iat: now,
      nbf: now,
      exp: now + TOKEN_SECONDS,
      appid: clientId,
      idtyp: 'app',
      roles: [...roles],
      tid: tenant.id,
      ver: '1.0',
    };
  }

  idToken(tenant: Tenant, person: Person, nonce: string | undefined): Claims {
    return {
      ...this.#common(tenant, person, ID_TOKEN_SECONDS),
      aud: this.#registration.clientId,
      iss: `${this.#origin}/${tenant.id}/v2.0`,
      preferred_username: person.upn,
      wids: [...person.roles, ROLES.ordinaryMember],
      ...(nonce === undefined ? {} : { nonce }),
      ver: '2.0',
    };
  }

  sign(claims: Claims, header: Claims = {}): string {
    const { kid, pem } = this.#world.signingKey;
    const head = encode({ alg: 'RS256', typ: 'JWT', kid, ...header });
    const input = `${head}.${encode(claims)}`;
    return `${input}.${createSign('RSA-SHA256').update(input).sign(pem, 'base64url')}`;
  }

  issueTicket(ticket: Omit<Ticket, 'iat' | 'exp' | 'id'>, seconds: number): string {
    const now = this.#seconds();
    const body = encode({ ...ticket, iat: now, exp: now + seconds, id: randomUUID() });
    return `${body}.${this.#mac(body)}`;
  }

  /** The ticket, or `null` when this Entra did not issue it or it has expired. */
  readTicket(text: string, use: Ticket['use']): Ticket | null {
    const [body = '', mac = ''] = text.split('.');
    const expected = Buffer.from(this.#mac(body));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return null;
    }
    const ticket = Ticket.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
    return ticket.use === use && ticket.exp > this.#seconds() ? ticket : null;
  }

  get seconds(): number {
    return this.#seconds();
  }

  #common(tenant: Tenant, person: Person, seconds: number): Claims {
    const now = this.#seconds();
    return {
      iat: now,
      nbf: now,
      exp: now + seconds,
      tid: tenant.id,
      oid: person.oid,
      sub: createHmac('sha256', this.#world.secret).update(person.oid).digest('base64url'),
      name: person.name,
      uti: randomUUID(),
    };
  }

  #seconds(): number {
    return Math.floor(this.#now().getTime() / 1000);
  }

  #mac(body: string): string {
    return createHmac('sha256', this.#world.secret).update(body).digest('base64url');
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
