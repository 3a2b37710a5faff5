/**
 * The browser comes back from Microsoft.
 *
 * The redirect proves nothing: its query can be typed by anybody, and its error form carries
 * `admin_consent=True` as well. What counts is the browser's cookie, then a code that Entra redeems, then
 * the ID token inside. Every step is taken once.
 *
 * Source  "Admin consent on the Microsoft identity platform"; RFC 9700 sections 2.1 and 4.
 */
import { IDENTITY_SCOPES, missingScopes, scopesForSelection } from '../domain/permissions.ts';
import type { ConsentTransaction } from '../domain/records.ts';
import { aadstsNumber, type Refusal, refusalOf, REFUSALS } from '../domain/refusals.ts';
import { canGrantApplication, canGrantTenantWide } from '../domain/roles.ts';
import { withGranted, withRefusal } from '../domain/userConsent.ts';
import { chosenIn } from '../domain/selection.ts';
import { applyConsent, applySelection } from './changeSync.ts';
import { storeTokens } from './connectMember.ts';
import { useJustInTime } from './justInTime.ts';
import { mayConnect } from './mayConnect.ts';
import { asksForEverybody, parseState, signInUrl } from './openConsent.ts';
import type { ConsentPorts, SignedIn, TokenAnswer } from './ports.ts';
import { shownBy, takeDelegatedEffect } from './takeEffect.ts';
import { matches, nonceOf, parseConsentId, pkceVerifierOf } from './secrets.ts';

export type ReturnResult =
  | { readonly kind: 'redirect'; readonly url: string }
  /** The consent ended or waits for proof; the opener's screen shows the rest. */
  | { readonly kind: 'done'; readonly outcome: 'granted' | 'refused'; readonly reason: Refusal | null }
  /** Not a return of this browser, or not for the first time; nothing was changed. */
  | { readonly kind: 'invalid'; readonly why: 'unknown' | 'otherBrowser' | 'expired' | 'used' };

export async function returnFromMicrosoft(
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
  const visit: Visit = { consent, id: state.id, returnedTo, browserSecret };
  return returnedTo.searchParams.has('error') ? refusedByQuery(ports, visit) : goOn(ports, visit);
}

interface Visit {
  readonly consent: ConsentTransaction;
  readonly id: string;
  readonly returnedTo: URL;
  readonly browserSecret: string;
}

function goOn(ports: ConsentPorts, visit: Visit): Promise<ReturnResult> {
  return visit.consent.step === 'adminConsent' ? askWhoItWas(ports, visit) : redeem(ports, visit);
}

async function refusedByQuery(ports: ConsentPorts, { consent, returnedTo }: Visit): Promise<ReturnResult> {
  const query = returnedTo.searchParams;
  const refusal = refusalOf({
    error: query.get('error') ?? '',
    suberror: query.get('error_subcode') ?? undefined,
    number: aadstsNumber(query.get('error_description') ?? undefined),
  });
  return end(ports, consent, refusal);
}

async function askWhoItWas(ports: ConsentPorts, visit: Visit): Promise<ReturnResult> {
  const { consent, id, browserSecret } = visit;
  const url = await signInUrl(ports, consent, id, browserSecret, IDENTITY_SCOPES);
  const advanced = await ports.store.transact((writer) =>
    writer.advanceConsent(consent.tenantId, consent.consentHash, 'adminConsent', { step: 'signIn' }),
  );
  return advanced ? { kind: 'redirect', url } : { kind: 'invalid', why: 'used' };
}

async function redeem(ports: ConsentPorts, visit: Visit): Promise<ReturnResult> {
  const { consent, returnedTo, browserSecret } = visit;
  const isFirst = await ports.store.transact((writer) =>
    writer.advanceConsent(consent.tenantId, consent.consentHash, 'signIn', { step: 'redeeming' }),
  );
  if (!isFirst) {
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
    return end(ports, redeeming(consent), answer.kind === 'refused' ? refusalOf(answer.error) : 'microsoftUnavailable');
  }
  return accept(ports, redeeming(consent), answer, signedIn);
}

function redeeming(consent: ConsentTransaction): ConsentTransaction {
  return { ...consent, step: 'redeeming' };
}

async function accept(
  ports: ConsentPorts,
  consent: ConsentTransaction,
  tokens: Extract<TokenAnswer, { kind: 'tokens' }>,
  signedIn: SignedIn,
): Promise<ReturnResult> {
  if (signedIn.tenantId !== consent.tenantId) {
    return end(ports, consent, 'wrongAccount');
  }
  if (consent.purpose !== 'consent') {
    const outcome = await useJustInTime(ports, consent, tokens.accessToken, signedIn.memberId);
    return outcome.kind === 'refused' ? end(ports, consent, outcome.reason) : granted();
  }
  if (asksForEverybody(consent)) {
    return acceptForEverybody(ports, consent, tokens, signedIn);
  }
  return signedIn.memberId === consent.memberId
    ? acceptIndividual(ports, consent, tokens, signedIn)
    : end(ports, consent, 'wrongAccount');
}

/** The administrator's own token shows the grant already, or the proof is awaited. */
async function acceptForEverybody(
  ports: ConsentPorts,
  consent: ConsentTransaction,
  { scopes }: Extract<TokenAnswer, { kind: 'tokens' }>,
  { memberId, directoryRoles }: SignedIn,
): Promise<ReturnResult> {
  const isQualified =
    consent.mode === 'service' ? canGrantApplication(directoryRoles) : canGrantTenantWide(directoryRoles);
  if (!isQualified && (await provesNothing(ports, consent))) {
    return end(ports, consent, 'notAdministrator');
  }
  const result = await awaitProof(ports, consent, memberId, isQualified);
  if (!isQualified) {
    return result;
  }
  const wanted = scopesForSelection(consent.selection);
  if (consent.mode !== 'service' && missingScopes(scopes, wanted).length === 0) {
    const personal = (await ports.store.connection(consent.tenantId, memberId))?.personalScopes ?? [];
    await takeDelegatedEffect(ports, { ...consent, grantedBy: memberId }, shownBy(scopes, wanted, personal));
  }
  return result;
}

/**
 * Anybody can type the way back from Microsoft's page for administrators. Who shows no directory role must have
 * brought about something that was not there before, or nothing tells them from somebody who typed it.
 */
async function provesNothing(ports: ConsentPorts, consent: ConsentTransaction): Promise<boolean> {
  const organization = await ports.store.organization(consent.tenantId);
  const held = organization?.grant?.scopes ?? [];
  return consent.mode === 'service' || missingScopes(held, scopesForSelection(consent.selection)).length === 0;
}

function granted(): ReturnResult {
  return { kind: 'done', outcome: 'granted', reason: null };
}

async function acceptIndividual(
  ports: ConsentPorts,
  consent: ConsentTransaction,
  tokens: Extract<TokenAnswer, { kind: 'tokens' }>,
  { directoryRoles }: SignedIn,
): Promise<ReturnResult> {
  const organization = await ports.store.organization(consent.tenantId);
  // Decided meanwhile: whoever may not connect any more is not connected by having been on the way.
  if (
    organization?.mode !== 'individual' ||
    !organization.enabled ||
    !(await mayConnect(ports.store, organization, consent.memberId))
  ) {
    return end(ports, consent, 'superseded');
  }
  await storeTokens(ports, consent.tenantId, consent.memberId, tokens, 'personal');
  if (!canGrantTenantWide(directoryRoles)) {
    await learnGranted(ports, consent, tokens.scopes);
  }
  return missingScopes(tokens.scopes, scopesForSelection(consent.selection)).length === 0
    ? verifyIndividual(ports, consent)
    : awaitProof(ports, consent, consent.memberId);
}

/** What somebody without a directory role was granted, anybody there may grant. */
async function learnGranted(
  ports: ConsentPorts,
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

/** The member's own token carries the scopes: the change that was asked for takes effect now. */
export async function verifyIndividual(ports: ConsentPorts, consent: ConsentTransaction): Promise<ReturnResult> {
  const { tenantId, consentHash, memberId } = consent;
  const at = ports.now();
  return ports.store.transact(async (writer): Promise<ReturnResult> => {
    const organization = await writer.lockOrganization(tenantId);
    const connection = await writer.lockConnection(tenantId, memberId);
    // Read again: a finding may have carried it along since.
    const begun = await writer.consent(tenantId, consentHash);
    const isCurrent = organization?.mode === 'individual' && connection?.epoch === begun?.epoch;
    const advanced = await writer.advanceConsent(tenantId, consentHash, consent.step, {
      step: 'ended',
      state: isCurrent ? 'verified' : 'refused',
      ...(isCurrent ? {} : { reason: 'superseded' }),
      grantedBy: memberId,
    });
    if (!advanced || !isCurrent) {
      return { kind: 'done', outcome: 'refused', reason: 'superseded' };
    }
    await writer.audit(
      { tenantId, actorId: memberId, action: 'consent.verified', target: consentHash, detail: { mode: 'individual' } },
      at,
    );
    await applyConsent(ports, writer, consent);
    await writer.announce(tenantId, memberId);
    return granted();
  });
}

async function awaitProof(
  ports: ConsentPorts,
  consent: ConsentTransaction,
  grantedBy: string,
  isQualified = true,
): Promise<ReturnResult> {
  const { tenantId, consentHash, mode, grantFor } = consent;
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    const advanced = await writer.advanceConsent(tenantId, consentHash, 'redeeming', {
      step: 'proving',
      state: mode === 'service' ? 'settling' : 'propagating',
      grantedBy,
      isQualified,
      attemptAt: at,
    });
    if (advanced) {
      await writer.audit(
        { tenantId, actorId: grantedBy, action: 'consent.granted', target: consentHash, detail: { mode } },
        at,
      );
      await writer.announce(tenantId, grantFor === 'everyone' ? null : consent.memberId);
    }
  });
  return granted();
}

/** Ends a consent with a refusal, and remembers what it says about this tenant's users. */
export async function end(ports: ConsentPorts, consent: ConsentTransaction, reason: Refusal): Promise<ReturnResult> {
  const { tenantId, consentHash, memberId, mode, grantFor, linkHash } = consent;
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    const organization = await writer.lockOrganization(tenantId);
    const ended = await writer.advanceConsent(tenantId, consentHash, consent.step, {
      step: 'ended',
      state: 'refused',
      reason,
    });
    if (!ended) {
      return;
    }
    const isPolicy = REFUSALS[reason].isConsentPolicy;
    if (isPolicy && grantFor === 'self' && organization !== null) {
      const { scopes = [] } = (await writer.connection(tenantId, memberId)) ?? {};
      const missing = missingScopes(scopes, scopesForSelection(consent.selection));
      // What arrived meanwhile was not refused, and a refusal of nothing would speak about everything.
      if (missing.length > 0) {
        const userConsent = withRefusal(organization.userConsent, missing, 'refusal', at);
        await writer.changeOrganization(tenantId, { userConsent });
      }
    }
    const actorId = linkHash === null ? memberId : null;
    const act = { tenantId, actorId, target: consentHash, detail: { mode, reason } };
    await writer.audit({ ...act, action: 'consent.refused' }, at);
    if (reason === 'approvalRequested' && grantFor === 'self' && organization?.mode === 'individual') {
      // Chosen already: when Microsoft's administrators grant it, a new token shows it, and it is on.
      await applySelection(
        ports,
        writer,
        { tenantId, memberId },
        { selection: chosenIn(consent.selection), erase: [] },
      );
    }
    await writer.announce(tenantId, grantFor === 'everyone' || isPolicy ? null : memberId);
  });
  return { kind: 'done', outcome: 'refused', reason };
}
