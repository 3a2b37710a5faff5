/**
 * The authorize endpoint and the admin consent page: account picker, consent screens, and the way back.
 *
 * Source  "OAuth 2.0 authorization code flow", "Admin consent on the Microsoft identity platform".
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { page } from '../html.ts';
import type { Person } from '../world/people.ts';
import type { Tenant, World } from '../world/world.ts';
import { consentScreen, errorScreen, needApprovalScreen, pickerScreen } from './screens.ts';
import { descriptionOf, REFUSALS, type EntraRefusal } from './errors.ts';
import { mayUserConsent, SERVICE_ROLE_TITLES } from './permissions.ts';
import { graphOf, type Registration } from './registration.ts';
import { parseScopes } from './scopes.ts';
import { loginHintOf, type TokenIssuer } from './tokens.ts';

const CODE_SECONDS = 600;
const MAY_GRANT_FOR_ALL = [
  '62e90394-69f5-4237-9190-012177145e10',
  'e8611ab8-c189-46e8-94e1-60213ab1f814',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3',
  '158c047a-c907-4556-b7ef-446551a6b5f7',
];

const MAY_GRANT_APPLICATION = MAY_GRANT_FOR_ALL.slice(0, 2);

export interface EntraContext {
  readonly world: World;
  readonly registration: Registration;
  readonly tokens: TokenIssuer;
  readonly now: () => Date;
}

const Request = z.object({
  client_id: z.string().default(''),
  redirect_uri: z.string().default(''),
  scope: z.string().default(''),
  state: z.string().optional(),
  nonce: z.string().optional(),
  prompt: z.string().optional(),
  login_hint: z.string().optional(),
  code_challenge: z.string().optional(),
  response_mode: z.string().optional(),
  /** Set by the sandbox's own screens. */
  account: z.string().optional(),
  answer: z.enum(['accept', 'cancel', 'unapproved', 'request']).optional(),
  reason: z.string().optional(),
});
type Request = z.infer<typeof Request>;

const Params = z.object({ tenant: z.string() });

export function registerAuthorize(app: FastifyInstance, context: EntraContext): void {
  for (const kind of ['sign-in', 'admin'] as const) {
    const path = kind === 'admin' ? '/:tenant/v2.0/adminconsent' : '/:tenant/oauth2/v2.0/authorize';
    app.route({
      method: ['GET', 'POST'],
      url: path,
      handler: async (request, reply) => {
        const { tenant } = Params.parse(request.params);
        const asked = Request.parse({ ...fieldsOf(request.query), ...fieldsOf(request.body) });
        const outcome = kind === 'admin' ? adminConsent(context, tenant, asked) : authorize(context, tenant, asked);
        if (context.world.isolatesSignIn) {
          reply.header('cross-origin-opener-policy', 'same-origin');
        }
        return 'redirect' in outcome
          ? reply.redirect(outcome.redirect)
          : reply.type('text/html').header('cache-control', 'no-store').send(outcome.page);
      },
    });
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).catch({}).parse(value);
}

type Outcome = { readonly redirect: string } | { readonly page: string };

function authorize(context: EntraContext, tenantName: string, asked: Request): Outcome {
  const refusal = requestFault(context, asked);
  if (refusal !== null) {
    return { page: page('Sign in', errorScreen(refusal)) };
  }
  const found = accountOf(context, tenantName, asked);
  if (found === null) {
    return asked.prompt === 'none'
      ? back(context, asked, { ...errorFields(REFUSALS.loginRequired) })
      : { page: page('Pick an account', pickerScreen(peopleFor(context, tenantName), hiddenFields(asked))) };
  }
  return decide(context, found, asked);
}

function decide(context: EntraContext, { tenant, person }: Found, asked: Request): Outcome {
  if (person.mailbox === 'disabled') {
    return { page: page('Sign in', errorScreen(REFUSALS.userDisabled)) };
  }
  const blocked = tenantFault(context, { tenant, person });
  if (blocked !== null) {
    return back(context, asked, errorFields(blocked));
  }
  const scopes = parseScopes(asked.scope, context.registration);
  const granted = context.world.grantedScopes(tenant.id, person.oid);
  const missing = scopes.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) {
    return withCode(context, { tenant, person }, asked, scopes);
  }
  if (asked.answer === 'cancel') {
    return back(context, asked, { ...errorFields(REFUSALS.declined), error_subcode: 'cancel' });
  }
  if (!mayUserConsent(tenant.policy, missing) && !isAdministrator(person)) {
    return approvalRequiredPage(context, { tenant, person }, asked, missing);
  }
  if (asked.answer === 'accept') {
    context.world.grant(tenant.id, { oid: person.oid }, scopes);
    return withCode(context, { tenant, person }, asked, scopes);
  }
  const fields = hiddenFields({ ...asked, account: person.oid });
  return { page: page('Permissions requested', consentScreen(person, context.registration, scopes, 'self', fields)) };
}

/** With the workflow on, a person sends a request with a reason; without it there is only the way back. */
function approvalRequiredPage(
  context: EntraContext,
  { tenant, person }: Found,
  asked: Request,
  scopes: readonly string[],
): Outcome {
  const hasWorkflow = context.world.requestsEnabled(tenant.id);
  if (asked.answer === 'request' && hasWorkflow) {
    context.world.addRequest(tenant.id, { oid: person.oid, scopes: [...scopes], reason: asked.reason ?? '' });
    return back(context, asked, errorFields(REFUSALS.approvalRequested));
  }
  if (asked.answer === 'unapproved') {
    return back(context, asked, errorFields(REFUSALS.administratorRequired));
  }
  const screen = needApprovalScreen(person, context.registration, hiddenFields(asked), hasWorkflow);
  return { page: page('Approval required', screen) };
}

/** What keeps a person from signing in at all, whatever is granted. */
export function tenantFault({ world, registration }: EntraContext, { tenant, person }: Found): EntraRefusal | null {
  const { enabled, assignmentRequired, assigned } = world.application(tenant.id);
  if (tenant.cloud !== (registration.cloud ?? 'public')) {
    return REFUSALS.nationalCloud;
  }
  if (!enabled) {
    return REFUSALS.appDisabled;
  }
  return assignmentRequired && !assigned.includes(person.oid) ? REFUSALS.notAssigned : null;
}

function withCode(
  context: EntraContext,
  { tenant, person }: Found,
  asked: Request,
  scopes: readonly string[],
): Outcome {
  const code = context.tokens.issueTicket(
    {
      use: 'code',
      tid: tenant.id,
      oid: person.oid,
      scopes: [...scopes],
      redirectUri: asked.redirect_uri,
      ...(asked.code_challenge === undefined ? {} : { challenge: asked.code_challenge }),
      ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
    },
    CODE_SECONDS,
  );
  return back(context, asked, { code, session_state: tenant.id });
}

function adminConsent(context: EntraContext, tenantName: string, asked: Request): Outcome {
  if (tenantName === 'common') {
    return { page: page('Sign in', errorScreen(REFUSALS.tenantUnknown)) };
  }
  const refusal = requestFault(context, asked);
  if (refusal !== null) {
    return { page: page('Sign in', errorScreen(refusal)) };
  }
  const found = accountOf(context, tenantName, asked);
  if (found === null) {
    return { page: page('Pick an account', pickerScreen(peopleFor(context, tenantName), hiddenFields(asked))) };
  }
  return grantForAll(context, found, asked);
}

function grantForAll(context: EntraContext, { tenant, person }: Found, asked: Request): Outcome {
  if (asked.client_id === context.registration.service.clientId) {
    return grantService(context, { tenant, person }, asked);
  }
  const scopes = parseScopes(asked.scope, context.registration);
  if (!isAdministrator(person)) {
    const screen = needApprovalScreen(person, context.registration, hiddenFields(asked), false);
    return asked.answer === 'unapproved' || asked.answer === 'cancel'
      ? back(context, asked, { admin_consent: 'True', ...errorFields(REFUSALS.adminDeclined) })
      : { page: page('Approval required', screen) };
  }
  if (asked.answer === 'cancel') {
    return back(context, asked, { admin_consent: 'True', ...errorFields(REFUSALS.adminDeclined) });
  }
  if (asked.answer === 'accept') {
    context.world.grant(tenant.id, 'everyone', scopes);
    return back(context, asked, { admin_consent: 'True', tenant: tenant.id, scope: scopes.join(' ') });
  }
  const fields = hiddenFields({ ...asked, account: person.oid });
  return {
    page: page('Permissions requested', consentScreen(person, context.registration, scopes, 'everyone', fields)),
  };
}

/** Application permissions: the registration's whole list, by a Global or Privileged Role Administrator only. */
function grantService({ world, registration }: EntraContext, { tenant, person }: Found, asked: Request): Outcome {
  const { service } = registration;
  const roles = Object.keys(SERVICE_ROLE_TITLES);
  const declined = { admin_consent: 'True', ...errorFields(REFUSALS.adminDeclined) };
  const isAllowed = person.roles.some((role) => MAY_GRANT_APPLICATION.includes(role));
  if (asked.answer === 'cancel' || asked.answer === 'unapproved') {
    return { redirect: backUrl(asked, declined) };
  }
  if (!isAllowed) {
    const named = { ...registration, displayName: service.displayName };
    return { page: page('Approval required', needApprovalScreen(person, named, hiddenFields(asked), false)) };
  }
  if (asked.answer === 'accept') {
    world.setServiceRoles(tenant.id, roles);
    return { redirect: backUrl(asked, { admin_consent: 'True', tenant: tenant.id, scope: asked.scope }) };
  }
  const fields = hiddenFields({ ...asked, account: person.oid });
  const titles = roles.map((role) => SERVICE_ROLE_TITLES[role] ?? role);
  const named = { ...registration, displayName: service.displayName };
  return { page: page('Permissions requested', consentScreen(person, named, titles, 'everyone', fields)) };
}

function requestFault({ registration }: EntraContext, asked: Request): EntraRefusal | null {
  const isService = asked.client_id === registration.service.clientId;
  if (asked.client_id !== registration.clientId && !isService) {
    return REFUSALS.clientUnknown;
  }
  if (isService && asked.scope !== `${graphOf(registration)}/.default`) {
    return REFUSALS.onlyDefaultScope;
  }
  const known = [...registration.webRedirectUris, ...registration.spaRedirectUris];
  if (!known.includes(asked.redirect_uri)) {
    return REFUSALS.redirectMismatch;
  }
  return parseScopes(asked.scope, registration).length === 0 ? resourceFault(asked.scope) : null;
}

function resourceFault(scope: string): EntraRefusal {
  return scope.trim() === '' ? REFUSALS.parameterMissing : REFUSALS.scopesOfTwoResources;
}

interface Found {
  readonly tenant: Tenant;
  readonly person: Person;
}

function peopleFor({ world }: EntraContext, tenantName: string): readonly Found[] {
  const tenant = world.findTenant(tenantName);
  const tenants = tenant === undefined ? world.tenants() : [tenant];
  return tenants.flatMap((each) =>
    each.people.filter(({ mailbox }) => mailbox !== 'shared').map((person) => ({ tenant: each, person })),
  );
}

/** Who signs in: the account chosen on the picker, or the one that the application hinted at. */
function accountOf(context: EntraContext, tenantName: string, asked: Request): Found | null {
  const people = peopleFor(context, tenantName);
  if (asked.account !== undefined) {
    return people.find(({ person }) => person.oid === asked.account) ?? null;
  }
  const isHinted = ({ person }: Found) => [person.upn, loginHintOf(person)].includes(asked.login_hint ?? '');
  return asked.prompt === 'select_account' ? null : (people.find(isHinted) ?? null);
}

function isAdministrator(person: Person): boolean {
  return person.roles.some((role) => MAY_GRANT_FOR_ALL.includes(role));
}

function errorFields(refusal: EntraRefusal): Record<string, string> {
  return { error: refusal.error, error_description: descriptionOf(refusal) };
}

/** The request's own fields, for the forms of the screens; never the answer to a former screen. */
function hiddenFields(asked: Request): Record<string, string> {
  const fields = { ...asked, answer: undefined };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function back(_context: EntraContext, asked: Request, fields: Record<string, string>): Outcome {
  return { redirect: backUrl(asked, fields) };
}

function backUrl(asked: Request, fields: Record<string, string>): string {
  const url = new URL(asked.redirect_uri);
  const values = new URLSearchParams({ ...fields, ...(asked.state === undefined ? {} : { state: asked.state }) });
  if (asked.response_mode === 'fragment') {
    url.hash = values.toString();
  } else {
    values.forEach((value, name) => {
      url.searchParams.set(name, value);
    });
  }
  return url.href;
}
