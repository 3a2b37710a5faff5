/** What the server wrote into the page. */
export interface PageSettings {
  readonly clientId: string;
  readonly authority: string;
  readonly apiScope: string;
}

export function readPageSettings(): PageSettings {
  return JSON.parse(document.getElementById('settings')?.textContent ?? '{}');
}
