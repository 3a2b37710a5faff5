/** The screens of the sandbox's Entra: plain, alike in layout to the real ones, and marked as the sandbox. */
import { html, type Markup } from '../html.ts';
import type { Person } from '../world/people.ts';
import type { Tenant } from '../world/world.ts';
import { descriptionOf, type EntraRefusal } from './errors.ts';
import { SCOPE_TITLES } from './permissions.ts';
import type { Registration } from './registration.ts';

type Fields = Readonly<Record<string, string>>;

const QUIET = ['openid', 'profile', 'email'];

function box(content: Markup): Markup {
  return html`<main class="entra">
    <p class="sandbox-mark">Sandbox sign-in, not Microsoft</p>
    ${content}
  </main>`;
}

function form(fields: Fields, content: Markup): Markup {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form method="post">${hidden}${content}</form>`;
}

export function pickerScreen(people: readonly { tenant: Tenant; person: Person }[], fields: Fields): Markup {
  const accounts = people.map(
    ({ tenant, person }) =>
      html`<button class="account" name="account" value="${person.oid}">
        <strong>${person.name}</strong><span>${person.upn}</span><span class="quiet">${tenant.name}</span>
      </button>`,
  );
  return box(
    html`<h1>Pick an account</h1>
      ${form(withoutAccount(fields), html`${accounts}`)}`,
  );
}

export function consentScreen(
  person: Person,
  registration: Registration,
  scopes: readonly string[],
  audience: 'self' | 'everyone',
  fields: Fields,
): Markup {
  const lines = scopes
    .filter((scope) => !QUIET.includes(scope))
    .map((scope) => html`<li>${SCOPE_TITLES[scope] ?? scope}</li>`);
  const title = audience === 'self' ? 'Permissions requested' : 'Permissions requested: review for your organization';
  const note =
    audience === 'self'
      ? html``
      : html`<p>
          If you accept, this app will get access to the specified resources for all users in your organization.
        </p>`;
  return box(
    html`<p class="quiet">${person.upn}</p>
      <h1>${title}</h1>
      <p><strong>${registration.displayName}</strong></p>
      <p>This app would like to:</p>
      <ul>
        ${lines}
      </ul>
      ${note}
      ${form(
        fields,
        html`<div class="row">
          <button name="answer" value="cancel">Cancel</button>
          <button class="primary" name="answer" value="accept">Accept</button>
        </div>`,
      )}
      ${useAnotherAccountForm(fields)}`,
  );
}

export function needApprovalScreen(
  person: Person,
  registration: Registration,
  fields: Fields,
  hasWorkflow: boolean,
): Markup {
  return box(
    html`<p class="quiet">${person.upn}</p>
      <h1>Need admin approval</h1>
      <p><strong>${registration.displayName}</strong></p>
      <p>
        ${registration.displayName} needs permission to access resources in your organization that only an admin can
        grant. Ask an admin to grant permission to this app before you can use it.
      </p>
      ${hasWorkflow ? requestForm({ ...fields, account: person.oid }) : html``}
      ${form(
        { ...fields, account: person.oid },
        html`<button class="link" name="answer" value="unapproved">
          Return to the application without granting consent
        </button>`,
      )}
      ${useAnotherAccountForm(fields)}`,
  );
}

function requestForm(fields: Fields): Markup {
  return form(
    fields,
    html`<p>
        <label>Enter justification for requesting this app <input name="reason" /></label>
      </p>
      <div class="row"><button class="primary" name="answer" value="request">Request approval</button></div>`,
  );
}

export function errorScreen(refusal: EntraRefusal): Markup {
  return box(
    html`<h1>Sign in</h1>
      <p>Sorry, but we're having trouble signing you in.</p>
      <p class="quiet">${descriptionOf(refusal)}</p>`,
  );
}

function useAnotherAccountForm(fields: Fields): Markup {
  return form(
    { ...withoutAccount(fields), prompt: 'select_account' },
    html`<button class="link">Use another account</button>`,
  );
}

function withoutAccount(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'account'));
}
