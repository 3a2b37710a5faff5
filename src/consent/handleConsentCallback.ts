/**
 * The browser comes back from Microsoft.
 *
 * The redirect proves nothing: its query can be typed by anyone, and its error form carries
 * `admin_consent=True` as well. What counts is the browser's cookie, then a code that Entra redeems, then
 * the ID token inside. Every step is taken once.
 *
 * Source  "Admin consent on the Microsoft identity platform"; RFC 9700 sections 2.1 and 4.
 */
import { IDENTITY_SCOPES, missingScopes, scopesForSelection } from '../domain/permissions.ts';
import type { ConsentTransaction } from '../domain/records.ts';
import { aadstsNumber, refusalOf } from '../domain/refusals.ts';
import { canGrantApplication, canGrantTenantWide } from '../domain/roles.ts';
import { withGranted } from '../domain/userConsent.ts';
import { storeTokens } from './connectMember.ts';
import { useJustInTime } from './justInTime.ts';
import { canConnect } from './canConnect.ts';
import { parseState, signInUrl } from './startAuthorization.ts';
import type { ConsentPorts, SignedIn, TokenAnswer } from './ports.ts';
import { evidenceFrom, applyDelegatedGrant } from './applyGrant.ts';
import { matches, nonceOf, parseConsentId, pkceVerifierOf } from './secrets.ts';
import { awaitVerification, type ConsentOutcome, end, GRANTED, verifyIndividual } from './concludeConsent.ts';
import { advance, isTenantWide } from './transaction.ts';

export type ReturnResult =
  | { readonly kind: 'redirect'; readonly url: string }
  /** The consent ended or awaits verification; the opener's screen shows the rest. */
  | ConsentOutcome
  /** Not a return of this browser, or not for the first time; nothing was changed. */
  | { readonly kind: 'invalid'; readonly why: 'unknown' | 'otherBrowser' | 'expired' | 'used' };

export async function handleConsentCallback(
  ports: ConsentPorts,
  returnedTo: URL,
  browserSecret: string | null,
): Promise<ReturnResult> {
  const state = parseState(returnedTo.searchParams.get('state') ?? '');
  const parsed = state === null ? null : parseConsentId(state.id);
  const consent = parsed === null ? null : await ports.store.consent(parsed.tenantId, parsed.consentHash);
  if (state === null || consent === null) {
    return { kind: 'invalid', why: 'unknown' };
  }
  if (browserSecret === null || !matches(browserSecret, consent.browserHash)) {
    return { kind: 'invalid', why: 'otherBrowser' };
  }
  if (consent.reason === 'superseded') {
    return { kind: 'done', outcome: 'refused', reason: 'superseded' };
  }
  if (consent.step !== state.step) {
    return { kind: 'invalid', why: 'used' };
  }
  if (ports.now() >= consent.expiresAt) {
    return { kind: 'invalid', why: 'expired' };
  }
  const visit: CallbackRequest = { consent, id: state.id, returnedTo, browserSecret };
  return returnedTo.searchParams.has('error') ? refusedByQuery(ports, visit) : continueConsent(ports, visit);
}

interface CallbackRequest {
  readonly consent: ConsentTransaction;
  readonly id: string;
  readonly returnedTo: URL;
  readonly browserSecret: string;
}

function continueConsent(ports: ConsentPorts, visit: CallbackRequest): Promise<ReturnResult> {
  return visit.consent.step === 'adminConsent' ? requestSignIn(ports, visit) : redeem(ports, visit);
}

async function refusedByQuery(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  { consent, returnedTo }: CallbackRequest,
): Promise<ReturnResult> {
  const query = returnedTo.searchParams;
  const refusal = refusalOf({
    error: query.get('error') ?? '',
    suberror: query.get('error_subcode') ?? undefined,
    number: aadstsNumber(query.get('error_description') ?? undefined),
  });
  return end(ports, consent, refusal);
}

async function requestSignIn(
  ports: Pick<ConsentPorts, 'store' | 'entra'>,
  visit: CallbackRequest,
): Promise<ReturnResult> {
  const { consent, id, browserSecret } = visit;
  const url = await signInUrl(ports, consent, id, browserSecret, IDENTITY_SCOPES);
  const advanced = await ports.store.transact((writer) => advance(writer, consent, { kind: 'adminConsentReturned' }));
  return advanced !== null ? { kind: 'redirect', url } : { kind: 'invalid', why: 'used' };
}

async function redeem(ports: ConsentPorts, visit: CallbackRequest): Promise<ReturnResult> {
  const { consent, returnedTo, browserSecret } = visit;
  const redeeming = await ports.store.transact((writer) => advance(writer, consent, { kind: 'codeReturned' }));
  if (redeeming === null) {
    return { kind: 'invalid', why: 'used' };
  }
  const { answer, signedIn } = await ports.entra.redeem({
    tenantId: consent.tenantId,
    returnedTo,
    state: returnedTo.searchParams.get('state') ?? '',
    nonce: nonceOf(browserSecret),
    pkceVerifier: pkceVerifierOf(browserSecret),
  });
  if (answer.kind !== 'tokens' || signedIn === null) {
    return end(ports, redeeming, answer.kind === 'refused' ? refusalOf(answer.error) : 'microsoftUnavailable');
  }
  return accept(ports, redeeming, answer, signedIn);
}

async function accept(
  ports: Pick<ConsentPorts, 'store' | 'directory' | 'vault' | 'unsubscriber' | 'chance' | 'now'>,
  consent: ConsentTransaction,
  tokens: Extract<TokenAnswer, { kind: 'tokens' }>,
  signedIn: SignedIn,
): Promise<ReturnResult> {
  if (signedIn.tenantId !== consent.tenantId) {
    return end(ports, consent, 'wrongAccount');
  }
  if (consent.purpose !== 'consent') {
    const outcome = await useJustInTime(ports, consent, tokens.accessToken, signedIn.memberId);
    return outcome.kind === 'refused' ? end(ports, consent, outcome.reason) : GRANTED;
  }
  if (isTenantWide(consent)) {
    return acceptTenantWide(ports, consent, tokens, signedIn);
  }
  return signedIn.memberId === consent.memberId
    ? acceptIndividual(ports, consent, tokens, signedIn)
    : end(ports, consent, 'wrongAccount');
}

/** The admin's own token shows the grant already, or the proof is awaited. */
async function acceptTenantWide(
  ports: Pick<ConsentPorts, 'store' | 'vault' | 'unsubscriber' | 'chance' | 'now'>,
  consent: ConsentTransaction,
  { scopes }: Extract<TokenAnswer, { kind: 'tokens' }>,
  { memberId, directoryRoles }: SignedIn,
): Promise<ReturnResult> {
  const isQualified =
    consent.mode === 'service' ? canGrantApplication(directoryRoles) : canGrantTenantWide(directoryRoles);
  if (!isQualified && (await isUnverifiable(ports, consent))) {
    return end(ports, consent, 'notAdministrator');
  }
  const awaiting = await awaitVerification(ports, consent, memberId, isQualified);
  const wanted = scopesForSelection(consent.selection);
  const isShown = isQualified && consent.mode !== 'service' && missingScopes(scopes, wanted).length === 0;
  if (awaiting !== null && isShown) {
    const personal = (await ports.store.connection(consent.tenantId, memberId))?.personalScopes ?? [];
    await applyDelegatedGrant(ports, awaiting, evidenceFrom(scopes, wanted, personal));
  }
  return GRANTED;
}

/**
 * Anyone can forge the admin consent redirect by typing its URL. Without a directory role in the token, accept it only
 * if it produced a grant that didn't exist before.
 */
async function isUnverifiable(ports: Pick<ConsentPorts, 'store'>, consent: ConsentTransaction): Promise<boolean> {
  const organization = await ports.store.organization(consent.tenantId);
  const held = organization?.grant?.scopes ?? [];
  return consent.mode === 'service' || missingScopes(held, scopesForSelection(consent.selection)).length === 0;
}

async function acceptIndividual(
  ports: Pick<ConsentPorts, 'store' | 'vault' | 'chance' | 'now'>,
  consent: ConsentTransaction,
  tokens: Extract<TokenAnswer, { kind: 'tokens' }>,
  { directoryRoles }: SignedIn,
): Promise<ReturnResult> {
  const organization = await ports.store.organization(consent.tenantId);
  // Decided meanwhile: a person who may no longer connect is not connected by having been under way.
  if (
    organization?.mode !== 'individual' ||
    !organization.enabled ||
    !(await canConnect(ports.store, organization, consent.memberId))
  ) {
    return end(ports, consent, 'superseded');
  }
  await storeTokens(ports, consent.tenantId, consent.memberId, tokens, 'personal');
  if (!canGrantTenantWide(directoryRoles)) {
    await recordGrantedScopes(ports, consent, tokens.scopes);
  }
  if (missingScopes(tokens.scopes, scopesForSelection(consent.selection)).length === 0) {
    return verifyIndividual(ports, consent);
  }
  await awaitVerification(ports, consent, consent.memberId, true);
  return GRANTED;
}

/** What someone without a directory role was granted, anyone there may grant. */
async function recordGrantedScopes(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  { tenantId, selection }: ConsentTransaction,
  scopes: readonly string[],
): Promise<void> {
  const learned = scopesForSelection(selection).filter((scope) => scopes.includes(scope));
  await ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(tenantId);
    if (organization !== null && organization.grant === null) {
      const userConsent = withGranted(organization.userConsent, learned, ports.now());
      await writer.changeOrganization(tenantId, { userConsent });
    }
  });
}
