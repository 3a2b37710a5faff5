/**
 * Adds what the office.js of 2022 lacks and today's has: nested app authentication and `officeTheme`. Served
 * after the unmodified library; it follows msal-browser's public contract, not the wire format of the real
 * host, which is not public.
 */
type Listener = (event: { readonly data: string }) => void;

const listeners = new Set<Listener>();
const root = asRecord(window);

root['nestedAppAuthBridge'] = {
  addEventListener: (_type: string, listener: Listener) => listeners.add(listener),
  removeEventListener: (_type: string, listener: Listener) => listeners.delete(listener),
  postMessage: (text: string) => {
    window.parent.postMessage({ assentSandboxNested: text }, hostOrigin());
  },
};

/** The page that embeds this one; the real host would be compared with Microsoft's list. */
function hostOrigin(): string {
  return new URL(document.referrer === '' ? location.href : document.referrer).origin;
}

const isDark = new URLSearchParams(location.search).get('theme') === 'dark';
const officeTheme = isDark
  ? {
      bodyBackgroundColor: '#292929',
      bodyForegroundColor: '#ffffff',
      controlBackgroundColor: '#1f1f1f',
      controlForegroundColor: '#ffffff',
    }
  : {
      bodyBackgroundColor: '#ffffff',
      bodyForegroundColor: '#242424',
      controlBackgroundColor: '#ffffff',
      controlForegroundColor: '#242424',
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

/** office.js makes `Office.context` when it starts, so the theme is put there as soon as it can be. */
const timer = setInterval(() => {
  const office = root['Office'];
  const context = typeof office === 'object' && office !== null && 'context' in office ? office.context : undefined;
  if (typeof context === 'object' && context !== null) {
    if (!('officeTheme' in context) || context.officeTheme === undefined) {
      Object.defineProperty(context, 'officeTheme', { value: officeTheme, configurable: true });
    }
    clearInterval(timer);
  }
}, 5);

/** The same object, as something that takes properties by name. */
function asRecord(value: object): Record<string, unknown> {
  return Object(value);
}
