/**
 * Adds what the office.js of 2022 lacks and today's has: nested app authentication, `getAuthContext` and `officeTheme`.
 * Served after the unmodified library; it follows msal-browser's public contract, not the wire format of the real host,
 * which is not public. On phones nothing is added: the app has put the bridge into the window, and has neither an
 * identity API nor themes.
 */
type Listener = (event: { readonly data: string }) => void;

const THEMES = {
  light: {
    bodyBackgroundColor: '#ffffff',
    bodyForegroundColor: '#242424',
    controlBackgroundColor: '#ffffff',
    controlForegroundColor: '#242424',
  },
  dark: {
    bodyBackgroundColor: '#292929',
    bodyForegroundColor: '#ffffff',
    controlBackgroundColor: '#1f1f1f',
    controlForegroundColor: '#ffffff',
  },
};

const root = asRecord(window);
if (root['webkit'] === undefined) {
  addBridge();
  addContext();
}

function addBridge(): void {
  const listeners = new Set<Listener>();
  root['nestedAppAuthBridge'] = {
    addEventListener: (_type: string, listener: Listener) => listeners.add(listener),
    removeEventListener: (_type: string, listener: Listener) => listeners.delete(listener),
    postMessage: (text: string) => {
      window.parent.postMessage({ assentSandboxNested: text }, hostOrigin());
    },
  };
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const { data, source, origin } = event;
    if (source !== window.parent || origin !== hostOrigin() || typeof data !== 'object' || data === null) {
      return;
    }
    if ('assentSandboxNestedAnswer' in data) {
      listeners.forEach((listener) => {
        listener({ data: String(data.assentSandboxNestedAnswer) });
      });
    }
  });
}

/** The page that embeds this one; the real host would be compared with Microsoft's list. */
function hostOrigin(): string {
  return new URL(document.referrer === '' ? location.href : document.referrer).origin;
}

/** office.js makes `Office.context` when it starts, so the theme is put there before anyone is told that it has. */
function addContext(): void {
  const query = new URLSearchParams(location.search);
  const [userObjectId, tenantId, userPrincipalName] = (query.get('account') ?? '').split(' ');
  const officeTheme = THEMES[query.get('theme') === 'dark' ? 'dark' : 'light'];
  const office = asRecord(Object(root['Office']));
  const onReady = office['onReady'];
  if (typeof onReady !== 'function') {
    return;
  }
  office['onReady'] = async (callback?: (info: unknown) => void): Promise<unknown> => {
    const info: unknown = await onReady.call(office);
    const context = asRecord(Object(office['context']));
    if (context['officeTheme'] === undefined) {
      Object.defineProperty(context, 'officeTheme', { value: officeTheme, configurable: true });
    }
    asRecord(Object(office['auth']))['getAuthContext'] = () =>
      Promise.resolve({ userObjectId, tenantId, userPrincipalName, authorityType: 'aad' });
    callback?.(info);
    return info;
  };
}

/** The same object, as something that takes properties by name. */
function asRecord(value: object): Record<string, unknown> {
  return Object(value);
}
