/**
 * Hand-off: a link with which an admin grants what someone else asked for.
 *
 * A link copies its request, so it outlives the transaction that it was made from. Reading it starts nothing;
 * every 'Continue to Microsoft' starts a transaction of its own. A member's request for themselves becomes a
 * request for a grant that permits everyone to connect: an admin cannot consent in a member's name.
 *
 * Units   Seven days, opened as often as wanted.
 */
import { scopesForSelection } from '../domain/permissions.ts';
import type { ConsentLink, ConsentTransaction, Member, Organization } from '../domain/records.ts';
import { newConsent } from './createConsentTransaction.ts';
import type { ConsentPorts } from './ports.ts';
import type { Principal } from '../domain/people.ts';
import { consentIdOf, hashOf, parseConsentId } from './secrets.ts';
import { basisOf, numberOf } from '../domain/consentBasis.ts';

const LINK_DAYS = 7;

export interface MadeLink {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Makes a link from a consent of the person's own, in whatever state; a former link of it stops working. */
export async function makeLink(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  { tenantId, memberId }: Principal,
  consent: ConsentTransaction,
): Promise<MadeLink> {
  const token = consentIdOf(tenantId, ports.chance.token(32));
  const createdAt = ports.now();
  const expiresAt = new Date(createdAt.getTime() + LINK_DAYS * 86_400_000);
  const { purpose, mode, selection, relevance, erase, basedOn, consentHash } = consent;
  await ports.store.transact(async (writer) => {
    await writer.revokeLinks(tenantId, consentHash, createdAt);
    await writer.addLink({
      tenantId,
      memberId,
      consentHash,
      purpose,
      mode,
      selection,
      relevance,
      erase,
      basisNumber: numberOf(basedOn),
      createdAt,
      expiresAt,
      linkHash: hashOf(token),
      grantFor: 'everyone',
      revokedAt: null,
    });
    const detail = { mode, scopes: [...scopesForSelection(selection)] };
    await writer.record({
      tenantId,
      at: createdAt,
      acts: [{ actorId: memberId, action: 'link.made', target: consentHash, detail }],
    });
  });
  return { token, expiresAt };
}

/** Revokes what was made from a consent; doing it again changes nothing. */
export async function revokeLink(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  { tenantId, memberId }: Principal,
  consentHash: string,
): Promise<void> {
  const at = ports.now();
  await ports.store.transact(async (writer) => {
    if (await writer.revokeLinks(tenantId, consentHash, at)) {
      await writer.record({
        tenantId,
        at,
        acts: [{ actorId: memberId, action: 'link.revoked', target: consentHash, detail: {} }],
      });
    }
  });
}

export interface ReadLink {
  readonly kind: 'link';
  readonly link: ConsentLink;
  readonly organization: Organization;
  readonly maker: Member;
}

/** What a link stands for, as its bearer sees it. */
export async function resolveLink(
  ports: Pick<ConsentPorts, 'store' | 'now'>,
  token: string,
): Promise<ReadLink | { readonly kind: 'unknown' | 'expired' | 'revoked' }> {
  const parsed = parseConsentId(token);
  const link = parsed === null ? null : await ports.store.link(parsed.tenantId, parsed.consentHash);
  const organization = link === null ? null : await ports.store.organization(link.tenantId);
  const maker = link === null ? null : await ports.store.member(link.tenantId, link.memberId);
  if (link === null || organization === null || maker === null) {
    return { kind: 'unknown' };
  }
  if (link.revokedAt !== null) {
    return { kind: 'revoked' };
  }
  return ports.now() >= link.expiresAt ? { kind: 'expired' } : { kind: 'link', link, organization, maker };
}

/** Starts a transaction of its own; answers its identifier, to be opened at once. */
export async function startFromLink(
  ports: Pick<ConsentPorts, 'store' | 'chance' | 'now'>,
  { link, organization }: ReadLink,
): Promise<string> {
  const { tenantId, memberId, linkHash, mode } = link;
  const id = consentIdOf(tenantId, ports.chance.token(32));
  // A member's request stands on what it was made on; an admin's on what the organization is now.
  const basedOn = basisOf(link, mode === 'individual' ? link.basisNumber : organization.version);
  await ports.store.transact(async (writer) => {
    await writer.addConsent(
      newConsent(ports, { tenantId, memberId, linkHash, basedOn, consentHash: hashOf(id) }, link),
    );
    await writer.record({
      tenantId,
      at: ports.now(),
      acts: [{ actorId: null, action: 'link.opened', target: hashOf(id), detail: { mode } }],
    });
  });
  return id;
}
