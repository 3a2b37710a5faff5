/**
 * The page behind a hand-off link: what is asked for, by whom, and what a grant would and would not do.
 *
 * Names come from outside and are written as text.
 */
import { findPermission } from '../domain/permissions.ts';
import { escapeHtml } from './escapeHtml.ts';

export interface HandOffPage {
  readonly token: string;
  readonly organization: string | null;
  readonly asker: string | null;
  /** Names of permissions, with the kind that decides what Microsoft calls them. */
  readonly permissions: readonly string[];
  readonly type: 'delegated' | 'application';
  /** Whether the grant also decides for everybody what is synchronized, or only permits people to connect. */
  readonly decides: boolean;
  readonly expiresAt: Date;
}

export function handOffPage(page: HandOffPage): string {
  const organization = escapeHtml(page.organization ?? 'your organization');
  const asker = escapeHtml(page.asker ?? 'Somebody');
  return `<h1>Grant access for ${organization}</h1>
<p>${asker} asks for this in Assent. Microsoft lets only an administrator grant it.</p>
${listOf('Read only', 'readOnly', page)}${listOf('Read and write', 'readWrite', page)}
<p>${effectOf(page)}</p>
<form method="post" action="/connect/${page.token}"><button>Continue to Microsoft</button></form>
<p class="quiet">Needed: ${roleFor(page)}. Microsoft lets you use another account on its page. Nothing happens by reading this page. The link works until ${page.expiresAt.toISOString().slice(0, 10)}, unless it is taken back.</p>`;
}

function listOf(title: string, access: 'readOnly' | 'readWrite', { permissions, type }: HandOffPage): string {
  const found = permissions.flatMap((name) => findPermission(name, type) ?? []);
  const lines = found
    .filter((permission) => permission.access === access)
    .map(
      ({ meaning, title: own, value }) =>
        `<li>${escapeHtml(meaning)}<br><span class="quiet">Microsoft calls it “${escapeHtml(own)}” (${escapeHtml(value)})</span></li>`,
    );
  return lines.length === 0 ? '' : `<h2>${title}</h2><ul>${lines.join('')}</ul>`;
}

function effectOf({ decides, type }: HandOffPage): string {
  if (type === 'application') {
    return 'The application itself gets access to mailboxes, without anybody signing in. Which mailboxes is narrowed in Exchange.';
  }
  return decides
    ? 'If you hold a role in Assent, this also decides for everybody what is synchronized. Otherwise it only permits people to connect.'
    : 'This only permits people to connect. What is synchronized, each person decides in Assent.';
}

function roleFor({ type }: HandOffPage): string {
  return type === 'application'
    ? 'Privileged Role or Global Administrator'
    : 'Cloud Application, Application, Privileged Role or Global Administrator';
}
