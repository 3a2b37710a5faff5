/** What both hosts on a phone do: the application's page takes this page's place, with the host's bridge in its window. */
import type { HostSettings } from './hostToken.ts';
import { answerNested } from './nestedAppAuth.ts';

type Listener = (event: { readonly data: string }) => void;

/** Shows the page at `path`; what was put into the window stays, and what was heard on it does not. */
export async function showInPlace(path: string, search = ''): Promise<void> {
  const text = await (await fetch(path)).text();
  history.replaceState(null, '', `${path}${search}`);
  document.open();
  document.write(text);
  document.close();
}

/** The bridge that msal-browser looks for in the window ("Nested app authentication"). */
export function nestedBridge(settings: HostSettings): object {
  const listeners = new Set<Listener>();
  return {
    addEventListener: (_type: string, listener: Listener) => listeners.add(listener),
    removeEventListener: (_type: string, listener: Listener) => listeners.delete(listener),
    postMessage: (text: string) => {
      void answerNested(settings, text).then((data) => {
        listeners.forEach((listener) => {
          listener({ data });
        });
      });
    },
  };
}

/** The same object, as something that takes properties by name. */
export function asRecord(value: object): Record<string, unknown> {
  return Object(value);
}
