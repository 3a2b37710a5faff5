/** The pages that play Teams and Outlook on the web, and what they need from the sandbox. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { HOST_CLIENTS, type Registration } from '../entra/registration.ts';
import { isForOwnApi } from '../entra/scopes.ts';
import type { TokenIssuer } from '../entra/tokens.ts';
import type { Mailboxes } from '../graph/mailboxes.ts';
import { html, type Markup, page } from '../html.ts';
import type { Person } from '../world/people.ts';
import type { Tenant, World } from '../world/world.ts';

export interface HostsContext {
  readonly world: World;
  readonly mailboxes: Mailboxes;
  readonly tokens: TokenIssuer;
  readonly registration: Registration;
  /** Where Entra answers, and where the application is served. */
  readonly origin: string;
  readonly appUrl: string;
  /** Folder of the built browser scripts of the hosts. */
  readonly assets: string;
  readonly receiverUrl: string | null;
}

const Query = z.object({
  as: z.string(),
  theme: z.string().default(''),
  width: z.coerce.number().int().min(200).max(4000).optional(),
  page: z.enum(['me', 'organization']).default('me'),
  item: z.string().default(''),
  legacy: z.string().optional(),
  start: z.coerce.number().int().min(0).max(60_000).optional(),
  own: z.string().max(100).optional(),
  nested: z.string().max(100).optional(),
  account: z.string().max(100).optional(),
});
type Query = z.infer<typeof Query>;

const MAX_LISTED_MESSAGES = 40;

type HostPage = (context: HostsContext, found: Found, query: Query) => string;

const HOSTS: Readonly<Record<string, HostPage>> = {
  teams: teamsPage,
  outlook: outlookPage,
  phone: phonePage,
  'outlook-phone': outlookPhonePage,
};

export function registerHosts(app: FastifyInstance, context: HostsContext): void {
  app.get('/sandbox/northgate', (_request, reply) => reply.type('text/html').send(recipientPage()));
  app.get('/sandbox', (_request, reply) => reply.type('text/html').send(startPage(context)));
  for (const [name, shown] of Object.entries(HOSTS)) {
    app.get(`/sandbox/hosts/${name}`, (request, reply) => {
      const query = Query.parse(request.query);
      const found = context.world.findPerson(query.as);
      return found === undefined
        ? reply.code(404).type('text/html').send(personNotFoundPage())
        : reply.type('text/html').send(shown(context, found, query));
    });
  }
  app.get('/sandbox/hosts/signed-in', (_request, reply) =>
    reply
      .type('text/html')
      .send(page('Signed in', html`<main class="entra"><p>You can close this window.</p></main>`, script('signedIn'))),
  );
  registerStepUp(app, context);
  registerTokens(app, context);
  registerFiles(app, context);
}

/** Stands for whatever a policy asks for at sign-in, such as a second factor. */
function registerStepUp(app: FastifyInstance, { world }: HostsContext): void {
  const Asked = z.object({ as: z.string() });
  app.get('/sandbox/hosts/step-up', (request, reply) => {
    const { as } = Asked.parse(request.query);
    const content = html`<main class="entra">
      <p class="sandbox-mark">Sandbox sign-in, not Microsoft</p>
      <h1>More information required</h1>
      <p>Your organization needs one more step to keep your account secure.</p>
      <form method="post"><input type="hidden" name="as" value="${as}" /><button class="primary">Approve</button></form>
    </main>`;
    return reply.type('text/html').send(page('More information required', content));
  });
  app.post('/sandbox/hosts/step-up', (request, reply) => {
    const found = world.findPerson(Asked.parse(request.body).as);
    if (found !== undefined) {
      world.stepUp(found.tenant.id, found.person.oid);
    }
    return reply.redirect('/sandbox/hosts/signed-in');
  });
}

function registerTokens(app: FastifyInstance, { world, tokens, registration }: HostsContext): void {
  const Body = z.object({
    as: z.string(),
    kind: z.enum(['nested', 'host']),
    clientId: z.string(),
    scope: z.string(),
    /** A claims challenge that the application passed on. */
    claims: z.string().optional(),
  });
  app.post('/sandbox/hosts/token', (request) => {
    const { as, kind, clientId, scope, claims: asked = '' } = Body.parse(request.body);
    const found = world.findPerson(as);
    const isOurs = clientId === registration.clientId && (kind === 'host' || isForOwnApi(scope, registration));
    if (found === undefined || !isOurs || found.person.mailbox === 'disabled') {
      return { ok: false, code: 'invalid_grant', description: 'AADSTS50057: The account is disabled.' };
    }
    if (!world.isAdmitted(found.tenant.id)) {
      return { ok: false, code: 'interaction_required', description: 'AADSTS65001: Nobody has consented yet.' };
    }
    if (asked.includes('acrs') && !world.hasSteppedUp(found.tenant.id, found.person.oid)) {
      return { ok: false, code: 'interaction_required', description: 'AADSTS50079: One more step is needed.' };
    }
    const party = kind === 'nested' ? registration.clientId : HOST_CLIENTS.teams;
    const claims = tokens.apiToken(found.tenant, found.person, party);
    return {
      ok: true,
      accessToken: tokens.sign(claims),
      idToken: tokens.sign(tokens.idToken(found.tenant, found.person, undefined)),
      expiresIn: Number(claims['exp']) - Number(claims['iat']),
      scope: `${registration.applicationIdUri}/access_as_user`,
    };
  });
}

/** The library's files, unmodified, with the sandbox's additions before and after the first of them. */
function registerFiles(app: FastifyInstance, { assets }: HostsContext): void {
  const library = dirname(createRequire(import.meta.url).resolve('@microsoft/office-js/dist/office.js'));
  const send = async (name: string) => {
    if (name !== 'office.js') {
      return readFile(join(library, name), 'utf8');
    }
    const parts = [join(assets, 'officeBefore.js'), join(library, name), join(assets, 'officeAfter.js')];
    return (await Promise.all(parts.map((file) => readFile(file, 'utf8')))).join('\n;\n');
  };
  const FileName = z.object({ '*': z.string().regex(/^(?:[a-z]{2}-[a-z]{2}\/)?[A-Za-z0-9_.-]+\.js$/) });
  for (const prefix of ['/lib/1/hosted', '/sandbox/hosts/office']) {
    app.get(`${prefix}/*`, async (request, reply) => {
      const name = FileName.safeParse(request.params);
      const body = name.success ? await send(name.data['*']).catch(() => null) : null;
      return body === null
        ? reply.code(404).send('')
        : reply
            .type('text/javascript')
            .header('cache-control', 'max-age=3600')
            .header('access-control-allow-origin', '*')
            .send(body);
    });
  }
  const AssetName = z.object({ name: z.string().regex(/^[A-Za-z]+\.(?:js|css)$/) });
  app.get('/sandbox/assets/:name', async (request, reply) => {
    const { name } = AssetName.parse(request.params);
    const folder = name.endsWith('.css') ? import.meta.dirname : assets;
    const body = await readFile(join(folder, name), 'utf8').catch(() => null);
    return body === null
      ? reply.code(404).send('')
      : reply.type(name.endsWith('.css') ? 'text/css' : 'text/javascript').send(body);
  });
}

function script(name: string): Markup {
  return html`<script defer src="/sandbox/assets/${name}.js"></script>`;
}

/** Settings as JSON that no browser executes; `<` is escaped so that no name can end the element. */
function settingsElement(settings: object): Markup {
  const json = JSON.stringify(settings).replaceAll('<', '\\u003c');
  return { markup: `<script type="application/json" id="host-settings">${json}</script>` };
}

function personNotFoundPage(): string {
  return page(
    'Sandbox',
    html`<main class="start">
      <h1>Nobody of that name</h1>
      <p><a href="/sandbox">Choose a person</a></p>
    </main>`,
  );
}

const POLICY_NOTES: Readonly<Record<string, string>> = {
  'microsoft-user-default-legacy': 'People may consent for themselves.',
  'microsoft-user-default-low': 'People may consent to little for themselves.',
  'microsoft-user-default-recommended': "Microsoft's managed default: mail and calendar need an administrator.",
  none: 'Only administrators may consent.',
  notAdmitted: 'Has not admitted the app yet.',
};

const MAILBOX_NOTES: Readonly<Record<string, string>> = {
  onPremises: 'mailbox on premises',
  unlicensed: 'no mailbox licence',
  none: 'guest, no mailbox here',
  disabled: 'account disabled',
};

const ROLE_NOTES: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  '158c047a-c907-4556-b7ef-446551a6b5f7': 'Cloud Application Administrator',
};

function startPage({ world, receiverUrl }: HostsContext): string {
  const tenants = world.tenants().map(
    (tenant) =>
      html`<section>
        <h2>${tenant.name}</h2>
        <p class="quiet">${POLICY_NOTES[tenant.policy] ?? ''}</p>
        <ul class="people">
          ${tenant.people.filter(({ mailbox }) => mailbox !== 'shared').map(personLine)}
        </ul>
      </section>`,
  );
  return page(
    'Assent sandbox',
    html`<main class="start">
      <h1>Assent sandbox</h1>
      <p>
        A Microsoft 365 of its own, on this machine only. Choose who you are and where you open Assent. Nothing here
        reaches Microsoft.
      </p>
      ${receiverUrl === null ? '' : receiverSection(receiverUrl)} ${tenants}
    </main>`,
  );
}

/** Where the invented recipient's privacy policy would be. */
function recipientPage(): string {
  return page(
    'Northgate CRM',
    html`<main class="start">
      <h1>Northgate CRM</h1>
      <p>
        Northgate CRM is invented, as the product that receives what people share with the sandbox. With a real
        installation, this link leads to the privacy policy of whoever runs it (OPERATOR_PRIVACY_URL).
      </p>
    </main>`,
  );
}

function receiverSection(url: string): Markup {
  return html`<section>
    <h2>Northgate CRM</h2>
    <p class="quiet">The product that receives what people share. Keep it open beside Assent.</p>
    <a class="button" href="${url}" target="_blank" rel="noreferrer">What has arrived</a>
  </section>`;
}

function personLine(person: Person): Markup {
  const notes = [...person.roles.map((role) => ROLE_NOTES[role] ?? ''), MAILBOX_NOTES[person.mailbox] ?? ''];
  const as = encodeURIComponent(person.upn);
  return html`<li>
    <div>
      <strong>${person.name}</strong>
      <span class="quiet">${notes.filter((note) => note !== '').join(', ') || 'Member'}</span>
    </div>
    <a class="button" href="/sandbox/hosts/teams?as=${as}">Teams</a>
    <a class="button" href="/sandbox/hosts/outlook?as=${as}">Outlook</a>
    <a class="button" href="/sandbox/hosts/phone?as=${as}">Teams, phone</a>
    <a class="button" href="/sandbox/hosts/outlook-phone?as=${as}">Outlook, phone</a>
  </li>`;
}

interface Found {
  readonly tenant: Tenant;
  readonly person: Person;
}

function commonSettings(context: HostsContext, { tenant, person }: Found, query: Query) {
  const { start, own, nested, account } = query;
  return {
    as: person.upn,
    oid: person.oid,
    tenantId: tenant.id,
    name: person.name,
    appUrl: context.appUrl,
    authority: context.origin,
    clientId: context.registration.clientId,
    badly: { start, own, nested, account },
  };
}

function appFrame(width: number | undefined): Markup {
  return width === undefined
    ? html`<div id="app" class="app-frame"></div>`
    : html`<div id="app" class="app-frame" style="flex: 1 1 auto; width: ${width}px; max-width: ${width}px"></div>`;
}

function teamsPage(context: HostsContext, found: Found, query: Query): string {
  const theme = query.theme === '' ? 'default' : query.theme;
  const as = encodeURIComponent(found.person.upn);
  const legacy = query.legacy !== undefined;
  const tab = (name: 'me' | 'organization', label: string) =>
    html`<a
      aria-current="${String(query.page === name)}"
      href="/sandbox/hosts/teams?as=${as}&amp;theme=${theme}&amp;page=${name}${legacy ? '&legacy=1' : ''}"
      >${label}</a
    >`;
  const option = (value: string, label: string) => {
    const selected: Markup = { markup: value === theme ? 'selected' : '' };
    return html`<option value="${value}" ${selected}>${label}</option>`;
  };
  return page(
    'Teams (sandbox)',
    html`<div class="host teams" data-theme="${theme}">
      <header class="bar">
        <span class="mark">Teams, played by the sandbox</span>
        <label
          >Theme
          <select id="theme">
            ${option('default', 'Light')}${option('dark', 'Dark')}${option('contrast', 'High contrast')}
          </select></label
        >
        <span class="who">${found.person.name}</span>
        <a href="/sandbox">Change</a>
      </header>
      <nav class="tabs"><strong>Assent</strong>${tab('me', 'My sync')}${tab('organization', 'Organization')}</nav>
      ${appFrame(query.width)}
    </div>`,
    html`${settingsElement({ ...commonSettings(context, found, query), theme, page: query.page, legacy })}${script('teamsHost')}`,
  );
}

/** Teams on a phone shows the tab as the top page of its web view: the script puts the tab in this page's place. */
function phonePage(context: HostsContext, found: Found, query: Query): string {
  const theme = query.theme === '' ? 'default' : query.theme;
  const settings = { ...commonSettings(context, found, query), theme, page: query.page, legacy: false };
  return page('Teams on a phone (sandbox)', html``, html`${settingsElement(settings)}${script('phoneHost')}`);
}

function outlookPage(context: HostsContext, found: Found, query: Query): string {
  const settings = outlookSettings(context, found, query);
  const lines = settings.items.map(
    (item) =>
      html`<button class="mail-line" data-item="${item.id}">
        <strong>${item.from?.name ?? (item.isDraft ? '[Draft]' : '')}</strong><span>${item.subject}</span>
      </button>`,
  );
  return page(
    'Outlook (sandbox)',
    html`<div class="host outlook" data-theme="${settings.theme}">
      <header class="bar">
        <span class="mark">Outlook, played by the sandbox</span><span class="who">${found.person.name}</span>
        <a href="/sandbox">Change</a>
      </header>
      <div class="columns">
        <aside class="mail-list" aria-label="Messages">
          ${lines}
          <button class="mail-line" id="no-item"><span>No message selected</span></button>
        </aside>
        <section id="reading" class="reading"></section>
        ${appFrame(query.width ?? 360)}
      </div>
    </div>`,
    html`${settingsElement(settings)}${script('outlookHost')}`,
  );
}

function outlookSettings(context: HostsContext, found: Found, query: Query) {
  const items = listedItems(context, found.person);
  return {
    ...commonSettings(context, found, query),
    theme: query.theme === '' ? 'light' : query.theme,
    item: query.item === '' ? (items[0]?.id ?? '') : query.item,
    items,
    legacy: query.legacy !== undefined,
  };
}

/** The same for Outlook, where the pane is the top page. */
function outlookPhonePage(context: HostsContext, found: Found, query: Query): string {
  const settings = settingsElement(outlookSettings(context, found, query));
  return page('Outlook on a phone (sandbox)', html``, html`${settings}${script('outlookPhone')}`);
}

function listedItems({ mailboxes }: HostsContext, person: Person) {
  if (person.mailbox !== 'cloud') {
    return [];
  }
  const mailbox = mailboxes.of(person.upn);
  const inFolder = (folder: string, limit: number) => mailbox.messagesFrom(folder, 0, limit, mailbox.sequence).messages;
  return [...inFolder('inbox', MAX_LISTED_MESSAGES), ...inFolder('drafts', 3), ...inFolder('sentitems', 5)].map(
    ({ id, subject, from, to, cc, receivedAt, internetMessageId, conversationId, isDraft, body, bodyType }) => ({
      id,
      subject,
      from,
      to,
      cc,
      receivedAt,
      internetMessageId,
      conversationId,
      isDraft,
      body: (bodyType === 'html' ? body.replace(/<[^>]*>/g, ' ') : body).slice(0, 2_000),
    }),
  );
}
