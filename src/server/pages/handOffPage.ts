/**
 * The page behind a hand-off link: what is requested, who requests it, and what a grant would and would not do.
 *
 * Names come from outside and are written as text.
 */
import type { Permission } from '../../domain/permissionCatalog.ts';
import { findPermission } from '../../domain/permissions.ts';
import { meaningOf } from '../../text/permissions.ts';
import { escapeHtml } from './escapeHtml.ts';
import type { OperatorSettings } from '../operatorSettings.ts';
import { pageText } from './pageText.ts';
import { recipientLine } from './recipientLine.ts';

export interface HandOffPage {
  readonly token: string;
  readonly organization: string | null;
  readonly asker: string | null;
  /** Names of permissions, with the kind that decides what Microsoft calls them. */
  readonly permissions: readonly string[];
  readonly type: Permission['type'];
  /** Whether the grant also decides for everyone what is synced, or only permits people to connect. */
  readonly decides: boolean;
  readonly expiresAt: Date;
}

export function handOffPage(page: HandOffPage, operator: OperatorSettings): string {
  const organization = page.organization ?? pageText('handOff.organization');
  const asker = page.asker ?? pageText('handOff.asker');
  const roles = { html: pageText(`roles.${page.type}`) };
  return `<h1>${pageText('handOff.heading', { organization })}</h1>
<p>${pageText('handOff.asks', { asker })}</p>
${recipientLine('recipient.receives', operator)}
${listOf('readOnly', page)}${listOf('readWrite', page)}
<p>${pageText(effectOf(page))}</p>
<form method="post" action="/connect/${page.token}"><button>${pageText('handOff.continue')}</button></form>
<p class="quiet">${pageText('handOff.needed', { roles, day: page.expiresAt.toISOString().slice(0, 10) })}</p>`;
}

function listOf(access: Permission['access'], { permissions, type }: HandOffPage): string {
  const found = permissions.flatMap((name) => findPermission(name, type) ?? []);
  const lines = found
    .filter((permission) => permission.access === access)
    .map((permission) => {
      const { title, value } = permission;
      const ownName = pageText('handOff.ownName', { title, value });
      return `<li>${escapeHtml(meaningOf(permission))}<br><span class="quiet">${ownName}</span></li>`;
    });
  return lines.length === 0 ? '' : `<h2>${pageText(`handOff.${access}`)}</h2><ul>${lines.join('')}</ul>`;
}

function effectOf({ decides, type }: HandOffPage) {
  if (type === 'application') {
    return 'handOff.effect.application';
  }
  return decides ? 'handOff.effect.decides' : 'handOff.effect.permits';
}
