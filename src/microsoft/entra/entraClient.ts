/**
 * Assent as a confidential client of Entra: on-behalf-of, refresh, code + PKCE, and the consent addresses.
 *
 * Every call goes to the endpoints of the tenant concerned, never to `common`.
 *
 * Errors  What Entra refuses comes back as a value; descriptions stay here, for they may name people.
 * Source  "OAuth 2.0 On-Behalf-Of flow", "OAuth 2.0 authorization code flow" and "Admin consent"
 *         (learn.microsoft.com/entra/identity-platform); RFC 6749, RFC 7636.
 */
import * as oidc from 'openid-client';
import { z } from 'zod';
import type {
  AuthorizeRequest,
  EntraPort,
  Found,
  RedeemRequest,
  SignedIn,
  SignInRequest,
  TokenAnswer,
} from '../../consent/ports.ts';
import { type Cloud, cloudOfTenant } from '../../domain/clouds.ts';
import type { CloudKind } from '../../domain/records.ts';
import { aadstsNumber } from '../../domain/refusals.ts';
import { type MicrosoftHttp, MicrosoftUnreachableError, readBody } from '../http.ts';
import { type ClientCredential, clientAuthentication } from './clientCredential.ts';

export interface EntraClientSettings {
  readonly authority: string;
  readonly clientId: string;
  readonly credential: ClientCredential;
  readonly redirectUri: string;
  /** The cloud that is served, and how its Graph is called as a resource. */
  readonly cloud: Pick<Cloud, 'name' | 'graph'>;
  /** Where Microsoft sends the window back that only signs in, and what it asks for. */
  readonly signIn: { readonly redirectUri: string; readonly scope: string };
  /** The second registration, which holds application permissions; `null` where there is none. */
  readonly service: { readonly clientId: string; readonly credential: ClientCredential } | null;
}

const MAX_CACHED_TENANTS = 1_000;
const TTL_MILLISECONDS = 24 * 60 * 60_000;
const OWN_SCOPES = ['openid', 'profile', 'email', 'offline_access'];

interface KeptConfiguration {
  readonly configuration: Promise<oidc.Configuration>;
  readonly until: number;
}

export function openEntraClient(settings: EntraClientSettings, http: MicrosoftHttp, now: () => Date): EntraPort {
  const { service } = settings;
  const configurations = new TenantConfigurations(settings, http, now);
  const ofService = service === null ? null : new TenantConfigurations({ ...settings, ...service }, http, now);
  const ask = async (
    tenantId: string,
    request: (configuration: oidc.Configuration) => Promise<oidc.TokenEndpointResponse>,
    registration = configurations,
  ): Promise<TokenAnswer> => {
    try {
      return tokensOf(await request(await registration.of(tenantId)), now());
    } catch (error) {
      return refusedOrUnavailable(error);
    }
  };
  return {
    onBehalfOf: (tenantId, assertion, scopes) =>
      ask(tenantId, (configuration) =>
        oidc.genericGrantRequest(configuration, 'urn:ietf:params:oauth:grant-type:jwt-bearer', {
          assertion,
          requested_token_use: 'on_behalf_of',
          scope: scopes.join(' '),
        }),
      ),
    refresh: (tenantId, refreshToken, scopes) =>
      ask(tenantId, (configuration) =>
        oidc.refreshTokenGrant(configuration, refreshToken, { scope: scopes.join(' ') }),
      ),
    redeem: (request) => redeem(ask, request),
    authorizeUrl: (request) => authorizeUrl(configurations, settings, request),
    signInUrl: (request) => signInUrl(configurations, settings.signIn, request),
    redeemSignIn: ({ tenantId, returnedTo, state, pkceVerifier }) =>
      ask(tenantId, (configuration) =>
        oidc.authorizationCodeGrant(configuration, returnedTo, {
          expectedState: state,
          pkceCodeVerifier: pkceVerifier,
        }),
      ),
    tenantOf: (domain) => readTenantId(http, settings.authority, domain),
    adminConsentUrl: ({ tenantId, scopes, state, registration }) => {
      const client = registration === 'service' && service !== null ? { ...settings, ...service } : settings;
      // The list of the second registration is fixed there; it can be granted as a whole only.
      return adminConsentUrl(client, tenantId, registration === 'service' ? [wholeOf(settings)] : scopes, state);
    },
    offersService: service !== null,
    applicationToken: async (tenantId) =>
      ofService === null
        ? { kind: 'refused', error: { error: 'unauthorized_client' }, claims: null }
        : ask(
            tenantId,
            (configuration) => oidc.clientCredentialsGrant(configuration, { scope: wholeOf(settings) }),
            ofService,
          ),
    cloudOf: (tenantId) => readCloud(http, settings, tenantId),
  };
}

const Metadata = z.object({
  issuer: z.string(),
  tenant_region_scope: z.string().nullish(),
  tenant_region_sub_scope: z.string().nullish(),
});

const MAX_METADATA_BYTES = 64 * 1024;

/**
 * Whether a tenant is in the cloud that is served. Tenants of national clouds are known to the public authority too, by
 * name only; where the fields are missing, nothing is concluded.
 */
async function readCloud(
  http: MicrosoftHttp,
  { authority, cloud }: Pick<EntraClientSettings, 'authority' | 'cloud'>,
  tenantId: string,
): Promise<CloudKind> {
  const metadata = await readMetadata(http, authority, tenantId);
  const { tenant_region_scope: region, tenant_region_sub_scope: subRegion } =
    metadata === null || metadata === 'unavailable' ? {} : metadata;
  const name = cloudOfTenant(region, subRegion);
  return name === null ? 'unknown' : name === cloud.name ? 'supported' : 'unsupported';
}

/** Everything that a registration lists of Graph. */
function wholeOf({ cloud }: Pick<EntraClientSettings, 'cloud'>): string {
  return `${cloud.graph}/.default`;
}

/** A tenant goes by its id in the issuer, by whichever of its names its metadata were asked for. */
async function readTenantId(http: MicrosoftHttp, authority: string, domain: string): Promise<Found<string>> {
  const metadata = await readMetadata(http, authority, encodeURIComponent(domain));
  if (metadata === 'unavailable') {
    return { kind: 'unavailable' };
  }
  const id = /\/([\da-f]{8}-[\da-f-]{27})\/v2\.0$/i.exec(metadata?.issuer ?? '')?.[1];
  return id === undefined ? { kind: 'unknown' } : { kind: 'found', value: id.toLowerCase() };
}

/** `null` where there is no such tenant. */
async function readMetadata(
  http: MicrosoftHttp,
  authority: string,
  tenant: string,
): Promise<z.infer<typeof Metadata> | 'unavailable' | null> {
  try {
    const response = await http.fetch(`${authority}/${tenant}/v2.0/.well-known/openid-configuration`, {});
    const text = await readBody(response, MAX_METADATA_BYTES);
    if (response.status >= 500 || response.status === 429) {
      return 'unavailable';
    }
    return response.status === 200 ? Metadata.parse(JSON.parse(text)) : null;
  } catch (error) {
    if (error instanceof MicrosoftUnreachableError || error instanceof z.ZodError || error instanceof SyntaxError) {
      return 'unavailable';
    }
    throw error;
  }
}

/** The v2.0 admin consent page of a tenant, or of whichever tenant signs in (`organizations`). */
export function adminConsentUrl(
  { authority, clientId, redirectUri }: Pick<EntraClientSettings, 'authority' | 'clientId' | 'redirectUri'>,
  tenant: string,
  scopes: readonly string[],
  state: string,
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    scope: scopes.join(' '),
    redirect_uri: redirectUri,
    state,
  });
  return `${authority}/${tenant}/v2.0/adminconsent?${query.toString()}`;
}

async function authorizeUrl(
  configurations: TenantConfigurations,
  settings: EntraClientSettings,
  request: AuthorizeRequest,
): Promise<string> {
  const configuration = await configurations.of(request.tenantId);
  return oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: settings.redirectUri,
    scope: request.scopes.join(' '),
    state: request.state,
    nonce: request.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(request.pkceVerifier),
    code_challenge_method: 'S256',
    response_mode: 'query',
    ...(request.loginHint === null ? {} : { login_hint: request.loginHint }),
  }).href;
}

/** Without `openid`: who signs in, the API's own token says. */
async function signInUrl(
  configurations: TenantConfigurations,
  { redirectUri, scope }: EntraClientSettings['signIn'],
  { tenantId, state, pkceVerifier, loginHint, claims }: SignInRequest,
): Promise<Found<string>> {
  const configuration = await configurations.of(tenantId).catch(refusedOrUnavailable);
  if ('kind' in configuration) {
    return { kind: configuration.kind === 'unavailable' ? 'unavailable' : 'unknown' };
  }
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope,
    state,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceVerifier),
    code_challenge_method: 'S256',
    response_mode: 'query',
    ...(loginHint === null ? {} : { login_hint: loginHint }),
    ...(claims === null ? {} : { claims }),
  });
  return { kind: 'found', value: url.href };
}

const IdClaims = z.object({ tid: z.string(), oid: z.string(), wids: z.array(z.string()).optional().catch(undefined) });

async function redeem(
  ask: (
    tenantId: string,
    request: (configuration: oidc.Configuration) => Promise<oidc.TokenEndpointResponse>,
  ) => Promise<TokenAnswer>,
  request: RedeemRequest,
): Promise<{ answer: TokenAnswer; signedIn: SignedIn | null }> {
  let signedIn: SignedIn | null = null;
  const answer = await ask(request.tenantId, async (configuration) => {
    const tokens = await oidc.authorizationCodeGrant(configuration, request.returnedTo, {
      expectedState: request.state,
      expectedNonce: request.nonce,
      pkceCodeVerifier: request.pkceVerifier,
      idTokenExpected: true,
    });
    const claims = IdClaims.parse(tokens.claims());
    signedIn = {
      tenantId: claims.tid.toLowerCase(),
      memberId: claims.oid.toLowerCase(),
      directoryRoles: claims.wids ?? [],
    };
    return tokens;
  });
  return { answer, signedIn };
}

/** What is known of each tenant's endpoints, fetched once a day. */
class TenantConfigurations {
  readonly #settings: EntraClientSettings;
  readonly #http: MicrosoftHttp;
  readonly #now: () => Date;
  readonly #kept = new Map<string, KeptConfiguration>();

  constructor(settings: EntraClientSettings, http: MicrosoftHttp, now: () => Date) {
    this.#settings = settings;
    this.#http = http;
    this.#now = now;
  }

  async of(tenantId: string): Promise<oidc.Configuration> {
    const kept = this.#kept.get(tenantId);
    if (kept !== undefined && kept.until > this.#now().getTime()) {
      return kept.configuration;
    }
    const configuration = this.#discover(tenantId);
    this.#kept.set(tenantId, { configuration, until: this.#now().getTime() + TTL_MILLISECONDS });
    this.#forgetOldest();
    configuration.catch(() => this.#kept.delete(tenantId));
    return configuration;
  }

  #forgetOldest(): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_CACHED_TENANTS && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
  }

  async #discover(tenantId: string): Promise<oidc.Configuration> {
    const { authority, clientId, credential } = this.#settings;
    const configuration = await oidc.discovery(
      new URL(`${authority}/${tenantId}/v2.0`),
      clientId,
      undefined,
      await clientAuthentication(credential, `${authority}/${tenantId}/oauth2/v2.0/token`),
      {
        [oidc.customFetch]: (url, { body, method, headers }) =>
          this.#http.fetch(url, { method, headers, body: body ?? null }).then(toResponse),
        execute: [oidc.enableNonRepudiationChecks],
      },
    );
    return configuration;
  }
}

/** openid-client wants the platform's `Response`; undici's own class is the same in shape but not in identity. */
async function toResponse(response: Awaited<ReturnType<MicrosoftHttp['fetch']>>): Promise<Response> {
  return new Response(await response.arrayBuffer(), {
    status: response.status,
    headers: [...response.headers.entries()],
  });
}

function tokensOf(response: oidc.TokenEndpointResponse, now: Date): TokenAnswer {
  const scopes = (response.scope ?? '')
    .split(' ')
    .map((scope) => scope.replace(/^https:\/\/[^/]+\//, ''))
    .filter((scope) => scope !== '' && !OWN_SCOPES.includes(scope));
  return {
    kind: 'tokens',
    accessToken: response.access_token,
    refreshToken: response.refresh_token ?? null,
    expiresAt: new Date(now.getTime() + (response.expires_in ?? 0) * 1000),
    scopes,
  };
}

const ErrorBody = z.object({ suberror: z.string().optional(), claims: z.string().optional() });

function refusedOrUnavailable(error: unknown): TokenAnswer {
  if (error instanceof oidc.ResponseBodyError) {
    const body = ErrorBody.safeParse(error.cause);
    const number = aadstsNumber(error.error_description);
    const isTheirs = error.status >= 500 || error.error === 'temporarily_unavailable';
    return isTheirs
      ? { kind: 'unavailable' }
      : {
          kind: 'refused',
          error: { error: error.error, suberror: body.data?.suberror, number },
          claims: body.data?.claims ?? null,
        };
  }
  if (error instanceof oidc.AuthorizationResponseError) {
    const number = aadstsNumber(error.error_description);
    return { kind: 'refused', error: { error: error.error, number }, claims: null };
  }
  if (error instanceof oidc.ClientError || error instanceof MicrosoftUnreachableError || error instanceof z.ZodError) {
    return isUnreachable(error)
      ? { kind: 'unavailable' }
      : { kind: 'refused', error: { error: 'invalid_answer' }, claims: null };
  }
  if (isTypeError(error)) {
    // A body that breaks off in the middle comes out of the library so.
    return { kind: 'unavailable' };
  }
  throw error;
}

function isTypeError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError';
}

function isUnreachable(error: Error): boolean {
  return (
    error instanceof MicrosoftUnreachableError ||
    error.cause instanceof MicrosoftUnreachableError ||
    ('code' in error && (error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || error.code === 'OAUTH_TIMEOUT'))
  );
}
