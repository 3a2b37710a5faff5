/**
 * The HTML that Assent serves: tab and pane with their static skeleton, and the plain pages around Microsoft's.
 *
 * Only tab and pane may be framed, and only by Microsoft's hosts. No page runs a script that is not a file of
 * ours or the host's library; the skeleton's style is allowed by its digest.
 *
 * Source  "Content security policy headers" for tabs (learn.microsoft.com/microsoftteams); CSP Level 3.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { IDENTITY_SCOPES } from '../../domain/permissions.ts';
import type { Refusal } from '../../domain/refusals.ts';
import { type HandOffPage, handOffPage } from './handOffPage.ts';
import type { OperatorSettings } from '../operatorSettings.ts';
import { pageText } from './pageText.ts';
import type { TextPage } from './paths.ts';
import { recipientLine } from './recipientLine.ts';
import { textPage } from './textPages.ts';

/** What a popup ended with. */
export type PopupOutcome =
  | Refusal
  | 'granted'
  | 'admitted'
  | 'unknown'
  | 'otherBrowser'
  | 'used'
  | 'tenantUnknown'
  | 'linkExpired'
  | 'linkRevoked'
  | 'tooManyRequests'
  | 'storageUnavailable'
  | 'failed';

export interface Pages {
  sendTab(reply: FastifyReply): FastifyReply;
  sendPane(reply: FastifyReply): FastifyReply;
  sendOutcome(reply: FastifyReply, status: number, outcome: PopupOutcome): FastifyReply;
  /** The page alone, where the answer is in progress already. */
  outcomeText(outcome: PopupOutcome): string;
  sendConnect(reply: FastifyReply): FastifyReply;
  sendHandOff(reply: FastifyReply, handOff: HandOffPage): FastifyReply;
  sendHome(reply: FastifyReply): FastifyReply;
  sendText(reply: FastifyReply, page: TextPage): FastifyReply;
  /** The end of a window that signed someone in: its script hands the token over. */
  sendHandOver(reply: FastifyReply, host: 'teams' | 'outlook', token: string): FastifyReply;
  /**
   * Which registrations this address belongs to, as Microsoft asks before it shows a publisher as verified.
   *
   * Source  "Configure an application's publisher domain" (learn.microsoft.com/entra).
   */
  sendAssociation(reply: FastifyReply): FastifyReply;
}

export interface PageSettings {
  readonly clientId: string;
  readonly authority: string;
  readonly apiScope: string;
  readonly officeJsUrl: string;
  readonly frameAncestors: readonly string[];
  readonly operator: OperatorSettings;
  /** The client ids of this installation's registrations. */
  readonly registrations: readonly string[];
  readonly assetsFolder: string;
}

/** office.js of some platforms still loads this library of Microsoft's. */
const OFFICE_DEPENDENCY = 'https://ajax.aspnetcdn.com';

/** Griffel adds empty style elements and fills them rule by rule: only the empty text has to be allowed. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

const SKELETON_STYLE = `
body{margin:0;font-family:'Segoe UI',system-ui,sans-serif;background:#fff;color:#242424}
#skeleton{max-width:760px;margin:0 auto;padding:20px 16px}
#skeleton i{display:block;border-radius:4px;background:#ebebeb;margin-bottom:12px}
#skeleton i:nth-child(1){height:24px;width:40%}
#skeleton i:nth-child(2){height:56px}
#skeleton i:nth-child(n+3){height:88px}
@media (prefers-color-scheme:dark){body{background:#1f1f1f;color:#fff}#skeleton i{background:#333}}
`;

const PLAIN_STYLE = `
body{margin:0;font-family:'Segoe UI',system-ui,sans-serif;font-size:14px;line-height:20px;background:#f5f5f5;color:#242424}
main{max-width:480px;margin:10vh auto;padding:32px;background:#fff;border-radius:8px;box-shadow:0 2px 8px rgb(0 0 0/14%)}
h1{font-size:20px;line-height:28px;margin:0 0 8px}
p,form{margin:0 0 12px}
ul{padding-inline-start:20px}
button{font:inherit;font-weight:600;color:#fff;background:#5b5fc7;border:0;border-radius:4px;padding:8px 16px;cursor:pointer}
button:focus-visible,a:focus-visible{outline:2px solid #000;outline-offset:2px}
a{color:#4f52b2}
.quiet{color:#616161}
.recipient{display:flex;gap:12px;align-items:center;padding:10px 12px;border-radius:6px;background:#f0f0f0}
@media (max-width:520px){main{margin:0;border-radius:0;min-height:100vh;box-sizing:border-box;padding:20px}}
@media (prefers-color-scheme:dark){body{background:#141414;color:#fff}main{background:#292929}.recipient{background:#1f1f1f}.quiet{color:#adadad}a{color:#9299f7}}
`;

const Assets = z.record(z.string(), z.object({ js: z.array(z.string()), css: z.array(z.string()) }));

export function openPages(settings: PageSettings): Pages {
  const assets = readAssets(settings.assetsFolder);
  const tab = appPage(settings, assets['app'], []);
  const officeOrigin = new URL(settings.officeJsUrl).origin;
  const pane = appPage(settings, assets['app'], [settings.officeJsUrl]);
  const frames = ["'self'", ...settings.frameAncestors];
  const tabPolicy = policy({ scripts: ["'self'"], style: SKELETON_STYLE, frames });
  const panePolicy = policy({
    scripts: ["'self'", officeOrigin, OFFICE_DEPENDENCY],
    style: SKELETON_STYLE,
    frames,
  });
  const plainPolicy = policy({ scripts: ["'self'"], style: PLAIN_STYLE, frames: ["'none'"] });
  const handOverPolicy = policy({
    scripts: ["'self'", officeOrigin, OFFICE_DEPENDENCY],
    style: PLAIN_STYLE,
    frames: ["'none'"],
  });
  const send = (reply: FastifyReply, status: number, csp: string, body: string) =>
    reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('content-security-policy', csp)
      .header('cache-control', 'no-store')
      .send(body);
  const outcomeText = (outcome: PopupOutcome) => outcomePage(outcome, assets['popup']);
  const plain = (reply: FastifyReply, status: number, title: string, body: string) =>
    send(reply, status, plainPolicy, plainPage(title, body, assets['popup']));
  return {
    sendTab: (reply) => send(reply, 200, tabPolicy, tab),
    sendPane: (reply) => send(reply, 200, panePolicy, pane),
    sendOutcome: (reply, status, outcome) => send(reply, status, plainPolicy, outcomeText(outcome)),
    outcomeText,
    sendConnect: (reply) => plain(reply, 200, pageText('connect.title'), connectPage(settings.operator)),
    sendHandOff: (reply, handOff) =>
      plain(reply, 200, pageText('handOff.title'), handOffPage(handOff, settings.operator)),
    sendHome: (reply) => plain(reply, 200, pageText('home.title'), homePage()),
    sendText: (reply, page) => plain(reply, 200, pageText(`${page}.title`), textPage(page, settings.operator)),
    sendHandOver: (reply, host, token) => {
      const office = host === 'outlook' ? [settings.officeJsUrl] : [];
      return send(
        reply,
        200,
        host === 'outlook' ? handOverPolicy : plainPolicy,
        handOverPage(assets['popup'], office, token, host),
      );
    },
    sendAssociation: (reply) =>
      reply
        // Exactly this type: Entra once took no other, and Fastify names the charset of text.
        .type('application/json')
        .send(
          Buffer.from(
            JSON.stringify({
              associatedApplications: settings.registrations.map((applicationId) => ({ applicationId })),
            }),
          ),
        ),
  };
}

function readAssets(folder: string): z.infer<typeof Assets> {
  return Assets.parse(JSON.parse(readFileSync(join(folder, 'assets.json'), 'utf8')));
}

function policy(page: { scripts: readonly string[]; style: string; frames: readonly string[] }): string {
  const digest = createHash('sha256').update(page.style).digest('base64');
  return [
    "default-src 'none'",
    `script-src ${page.scripts.join(' ')}`,
    `style-src 'self' 'sha256-${digest}' ${EMPTY_STYLE}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    // Some browsers apply form-action to redirects as well, and /connect leads to Microsoft's page.
    "form-action 'self' https:",
    `frame-ancestors ${page.frames.join(' ')}`,
  ].join('; ');
}

interface Entry {
  readonly js: readonly string[];
  readonly css: readonly string[];
}

function appPage(settings: PageSettings, entry: Entry | undefined, before: readonly string[]): string {
  const { clientId, authority, apiScope, operator } = settings;
  const { name, logoFile, privacyUrl } = operator;
  const recipient = { name, logoUrl: logoFile === null ? null : '/operator/logo', privacyUrl };
  const json = JSON.stringify({ clientId, authority, apiScope, recipient }).replaceAll('<', '\\u003c');
  const scripts = [...before, ...(entry?.js ?? [])].map((src) => `<script defer src="${src}"></script>`).join('');
  const styles = (entry?.css ?? []).map((href) => `<link rel="stylesheet" href="${href}">`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Assent</title><link rel="icon" href="/icons/32.png"><style>${SKELETON_STYLE}</style>${styles}<script type="application/json" id="settings">${json}</script>${scripts}</head><body><div id="root"><div id="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i></div></div><noscript>${pageText('app.noScript')}</noscript></body></html>`;
}

function plainPage(title: string, body: string, entry: Entry | undefined): string {
  const scripts = (entry?.js ?? []).map((src) => `<script defer src="${src}"></script>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="/icons/32.png"><style>${PLAIN_STYLE}</style>${scripts}</head><body><main>${body}</main></body></html>`;
}

/** The account that the token is about, as Entra names it. */
function nameIn(token: string): string {
  const { preferred_username: name } = Named.parse(decodeJwt(token));
  return name ?? pageText('signedIn.unnamed');
}

const Named = z.object({ preferred_username: z.string().nullish() });

/** The token stands in the page and nowhere else: not in its address, and in no cookie. */
function handOverPage(
  entry: Entry | undefined,
  before: readonly string[],
  token: string,
  host: 'teams' | 'outlook',
): string {
  const json = JSON.stringify({ token }).replaceAll('<', '\\u003c');
  const title = pageText('signedIn.title');
  const text =
    host === 'outlook'
      ? `<p data-reached="yes">${pageText('signedIn.closes')}</p><p data-reached="no" hidden>${pageText('signedIn.notReached')}</p>`
      : `<p>${pageText('signedIn.as', { name: nameIn(token) })}</p><p>${pageText('signedIn.onlyIf')}</p><p><button id="go-on">${pageText('signedIn.continue')}</button></p>`;
  const body = `<h1>${title}</h1>${text}<script type="application/json" id="hand-over">${json}</script>`;
  return plainPage(title, body, { js: [...before, ...(entry?.js ?? [])], css: [] });
}

function outcomePage(outcome: PopupOutcome, entry: Entry | undefined): string {
  const title = pageText(`outcome.${outcome}.title`);
  const text = pageText(`outcome.${outcome}.text`);
  return plainPage(title, `<h1>${title}</h1><p>${text}</p><p class="quiet">${pageText('outcome.close')}</p>`, entry);
}

function connectPage(operator: OperatorSettings): string {
  const scopes = { html: `<strong>${IDENTITY_SCOPES.join(', ')}</strong>` };
  const roles = { html: pageText('roles.delegated') };
  return `<h1>${pageText('connect.title')}</h1>
<p>${pageText('connect.why')}</p>
${recipientLine('recipient.decides', operator)}
<p>${pageText('connect.asked', { scopes })}</p>
<ul><li>${pageText('connect.readsNothing')}</li><li>${pageText('connect.onlyOpens')}</li></ul>
<form method="post" action="/connect"><button>${pageText('connect.continue')}</button></form>
<p class="quiet">${pageText('connect.needed', { roles })}</p>`;
}

function homePage(): string {
  const app = { html: '<strong>Assent</strong>' };
  return `<h1>${pageText('home.heading')}</h1>
<p>${pageText('home.what')}</p>
<p>${pageText('home.how', { app })}</p>
<p class="quiet">${pageText('home.administrator')} <a href="/connect">${pageText('home.admit')}</a>.</p>`;
}
