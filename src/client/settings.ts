/** What a token is asked for with. */
export interface TokenSettings {
  readonly clientId: string;
  readonly authority: string;
  readonly apiScope: string;
}

/** What the server wrote into the page. */
export interface PageSettings extends TokenSettings {
  readonly recipient: Recipient;
}

/** Who receives what is on. */
export interface Recipient {
  readonly name: string;
  readonly logoUrl: string | null;
  readonly privacyUrl: string | null;
}

export function readPageSettings(): PageSettings {
  return JSON.parse(document.getElementById('settings')?.textContent ?? '{}');
}
