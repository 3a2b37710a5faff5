/**
 * The token endpoint: code with PKCE, refresh, on-behalf-of, client credentials.
 *
 * Source  "OAuth 2.0 authorization code flow", "OAuth 2.0 On-Behalf-Of flow", "OAuth 2.0 client credentials
 *         flow", "Refresh tokens in the Microsoft identity platform"; RFC 7636 for the verifier.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Person } from '../world/people.ts';
import type { Tenant } from '../world/world.ts';
import { type EntraContext, tenantFault } from './authorize.ts';
import { isClientAssertion } from './clientAssertion.ts';
import { errorBody, type EntraRefusal, REFUSALS } from './errors.ts';
import { graphOf, type Registration } from './registration.ts';
import { isForOwnApi, parseScopes } from './scopes.ts';
import { verifyToken } from './verify.ts';

const REFRESH_SECONDS = 90 * 86_400;
const SPA_REFRESH_SECONDS = 86_400;

const Form = z.object({
  grant_type: z.string().default(''),
  client_id: z.string().default(''),
  client_secret: z.string().optional(),
  client_assertion: z.string().optional(),
  client_assertion_type: z.string().optional(),
  scope: z.string().default(''),
  code: z.string().default(''),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  refresh_token: z.string().default(''),
  assertion: z.string().default(''),
  requested_token_use: z.string().optional(),
  client_info: z.string().optional(),
});
type Form = z.infer<typeof Form>;

type Answer = { readonly body: object } | { readonly refusal: EntraRefusal };

export function registerToken(app: FastifyInstance, context: EntraContext, endpoints: string): void {
  const usedCodes = new Set<string>();
  app.post('/:tenant/oauth2/v2.0/token', async (request, reply) => {
    const { tenant } = z.object({ tenant: z.string() }).parse(request.params);
    const form = Form.parse(request.body ?? {});
    const origin = request.headers.origin;
    if (origin !== undefined) {
      void reply.header('access-control-allow-origin', origin).header('vary', 'origin');
    }
    const tokenEndpoint = `${endpoints}/${tenant}/oauth2/v2.0/token`;
    const answer = answerTo({ ...context, tokenEndpoint }, usedCodes, tenant, form, origin);
    void reply.header('cache-control', 'no-store');
    return 'refusal' in answer
      ? reply.code(answer.refusal.status).send(errorBody(answer.refusal, context.now()))
      : reply.send(answer.body);
  });
}

interface TokenContext extends EntraContext {
  /** The address that was asked, for which an assertion of the client has to be made. */
  readonly tokenEndpoint: string;
}

function answerTo(
  context: TokenContext,
  usedCodes: Set<string>,
  tenantName: string,
  form: Form,
  origin: string | undefined,
): Answer {
  const { registration, world } = context;
  if (form.client_id === registration.service.clientId) {
    return serviceAnswer(context, tenantName, form);
  }
  if (form.client_id !== registration.clientId) {
    return { refusal: REFUSALS.clientUnknown };
  }
  const isPublic = origin !== undefined && form.client_secret === undefined && form.client_assertion === undefined;
  const credentialFault = isPublic ? null : credentialFaultOf(context, form);
  if (credentialFault !== null) {
    return { refusal: credentialFault };
  }
  const tenant = world.findTenant(tenantName);
  switch (form.grant_type) {
    case 'authorization_code':
      return redeemCode(context, usedCodes, form, isPublic);
    case 'refresh_token':
      return refresh(context, form, isPublic);
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return tenant === undefined ? { refusal: REFUSALS.tenantUnknown } : onBehalfOf(context, tenant, form);
    case 'client_credentials':
      return tenant === undefined ? { refusal: REFUSALS.tenantUnknown } : clientCredentials(context, tenant, form);
    default:
      return { refusal: REFUSALS.unsupportedGrant };
  }
}

/** The second registration signs in as itself only. */
function serviceAnswer(context: EntraContext, tenantName: string, form: Form): Answer {
  const fault = secretFault(form, context.registration.service.clientSecret);
  const tenant = context.world.findTenant(tenantName);
  if (fault !== null) {
    return { refusal: fault };
  }
  if (form.grant_type !== 'client_credentials') {
    return { refusal: REFUSALS.unsupportedGrant };
  }
  return tenant === undefined ? { refusal: REFUSALS.tenantUnknown } : serviceCredentials(context, tenant, form);
}

/** There is a service principal as soon as someone has consented, or has given Exchange's roles to it. */
function serviceCredentials(context: EntraContext, tenant: Tenant, form: Form): Answer {
  if (form.scope !== `${graphOf(context.registration)}/.default`) {
    return { refusal: REFUSALS.onlyDefaultScope };
  }
  const roles = context.world.serviceRoles(tenant.id);
  if (roles.length === 0 && !context.world.hasExchangeRoles(tenant.id)) {
    return { refusal: REFUSALS.clientUnknown };
  }
  const claims = context.tokens.applicationToken(tenant, context.registration.service.clientId, roles);
  return { body: { token_type: 'Bearer', ...lifetimes(claims), access_token: context.tokens.sign(claims) } };
}

/** The main registration knows a secret, and certificates where it was given some. */
function credentialFaultOf({ registration, tokens, tokenEndpoint }: TokenContext, form: Form): EntraRefusal | null {
  const { clientId, clientSecret, certificates = [] } = registration;
  if (form.client_assertion === undefined) {
    return secretFault(form, clientSecret);
  }
  const assertion = { type: form.client_assertion_type, text: form.client_assertion };
  return isClientAssertion(assertion, { clientId, certificates, tokenEndpoint, seconds: tokens.seconds })
    ? null
    : REFUSALS.clientAssertionInvalid;
}

function secretFault(form: Form, secret: string): EntraRefusal | null {
  if (form.client_secret === undefined && form.client_assertion === undefined) {
    return REFUSALS.credentialMissing;
  }
  return form.client_secret === secret ? null : REFUSALS.clientSecretWrong;
}

function redeemCode(context: EntraContext, usedCodes: Set<string>, form: Form, isPublic: boolean): Answer {
  const ticket = context.tokens.readTicket(form.code, 'code');
  if (ticket === null || ticket.redirectUri !== form.redirect_uri) {
    return { refusal: REFUSALS.codeInvalid };
  }
  if (usedCodes.has(ticket.id)) {
    return { refusal: REFUSALS.codeUsed };
  }
  usedCodes.add(ticket.id);
  const proof = createHash('sha256')
    .update(form.code_verifier ?? '')
    .digest('base64url');
  if (ticket.challenge !== undefined && ticket.challenge !== proof) {
    return { refusal: REFUSALS.verifierWrong };
  }
  const account = context.world.findByOid(ticket.tid, ticket.oid);
  return account === undefined
    ? { refusal: REFUSALS.codeInvalid }
    : tokensFor(context, account, form, ticket.scopes, ticket.nonce, isPublic);
}

function refresh(context: EntraContext, form: Form, isPublic: boolean): Answer {
  const ticket = context.tokens.readTicket(form.refresh_token, 'refresh');
  const account = ticket === null ? undefined : context.world.findByOid(ticket.tid, ticket.oid);
  if (ticket === null || account === undefined) {
    return { refusal: REFUSALS.refreshTokenInvalid };
  }
  if (context.world.sessionsRevokedAt(ticket.oid) > ticket.iat || !context.world.isAdmitted(ticket.tid)) {
    return { refusal: REFUSALS.sessionRevoked };
  }
  const wanted = form.scope === '' ? ticket.scopes : parseScopes(form.scope, context.registration);
  return tokensFor(context, account, form, wanted, undefined, isPublic);
}

function onBehalfOf(context: EntraContext, tenant: Tenant, form: Form): Answer {
  if (form.scope.trim() === '') {
    return { refusal: REFUSALS.parameterMissing };
  }
  const claims = verifyToken(context, form.assertion);
  if (
    claims?.aud !== context.registration.clientId ||
    claims.tid !== tenant.id ||
    form.requested_token_use !== 'on_behalf_of'
  ) {
    return { refusal: REFUSALS.assertionInvalid };
  }
  if (claims.exp <= context.tokens.seconds) {
    return { refusal: REFUSALS.assertionExpired };
  }
  const account = context.world.findByOid(tenant.id, claims.oid ?? '');
  if (context.world.needsStepUp(tenant.id) && claims['acrs'] === undefined) {
    return { refusal: REFUSALS.stepUpRequired };
  }
  return account === undefined
    ? { refusal: REFUSALS.assertionInvalid }
    : tokensFor(context, account, form, parseScopes(form.scope, context.registration), undefined, false);
}

function clientCredentials(context: EntraContext, tenant: Tenant, form: Form): Answer {
  if (form.scope !== `${graphOf(context.registration)}/.default`) {
    return { refusal: REFUSALS.onlyDefaultScope };
  }
  if (!context.world.isAdmitted(tenant.id)) {
    return { refusal: REFUSALS.clientUnknown };
  }
  const claims = context.tokens.applicationToken(tenant, context.registration.clientId, []);
  return { body: { token_type: 'Bearer', ...lifetimes(claims), access_token: context.tokens.sign(claims) } };
}

function tokensFor(
  context: EntraContext,
  { tenant, person }: { readonly tenant: Tenant; readonly person: Person },
  form: Form,
  wanted: readonly string[],
  nonce: string | undefined,
  isPublic: boolean,
): Answer {
  if (person.mailbox === 'disabled') {
    return { refusal: REFUSALS.userDisabled };
  }
  const blocked = tenantFault(context, { tenant, person });
  if (blocked !== null) {
    return { refusal: blocked };
  }
  const granted = context.world.grantedScopes(tenant.id, person.oid);
  const named = wanted.filter((scope) => scope !== '.default' && scope !== 'email');
  if (granted.length === 0 || named.some((scope) => !granted.includes(scope))) {
    return { refusal: REFUSALS.consentRequired };
  }
  const forApi = isForOwnApi(form.scope, context.registration) || named.includes('access_as_user');
  const { tokens, registration } = context;
  const claims = forApi ? tokens.apiToken(tenant, person, registration.clientId) : tokens.graphToken(tenant, person);
  const ticket = { use: 'refresh' as const, tid: tenant.id, oid: person.oid, scopes: [...wanted] };
  return {
    body: {
      token_type: 'Bearer',
      scope: forApi ? `${registration.applicationIdUri}/access_as_user` : scopesShown(granted, registration),
      ...lifetimes(claims),
      access_token: tokens.sign(claims),
      ...(wanted.includes('offline_access')
        ? { refresh_token: tokens.issueTicket(ticket, isPublic ? SPA_REFRESH_SECONDS : REFRESH_SECONDS) }
        : {}),
      ...(wanted.includes('openid') ? { id_token: tokens.sign(tokens.idToken(tenant, person, nonce)) } : {}),
      ...(form.client_info === '1' ? { client_info: clientInfo(tenant, person) } : {}),
    },
  };
}

function lifetimes(claims: Record<string, unknown>): object {
  const seconds = Number(claims['exp']) - Number(claims['iat']);
  return { expires_in: seconds, ext_expires_in: seconds };
}

function scopesShown(granted: readonly string[], registration: Registration): string {
  return granted
    .filter((scope) => scope !== 'access_as_user' && scope !== 'offline_access')
    .map((scope) => (scope === 'openid' || scope === 'profile' ? scope : `${graphOf(registration)}/${scope}`))
    .join(' ');
}

function clientInfo(tenant: Tenant, person: Person): string {
  return Buffer.from(JSON.stringify({ uid: person.oid, utid: tenant.id })).toString('base64url');
}
