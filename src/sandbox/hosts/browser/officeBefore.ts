/**
 * Stands in for MicrosoftAjax.js, which office.js of 2022 wants from a content delivery network: the few
 * functions of its `Function` and `Sys` that office.js calls; and puts into a dialog on a phone what the app puts there.
 * Served before the unmodified library.
 */
type Constructor = { registerClass?: unknown; __baseType?: unknown; prototype: object };

const root = asRecord(window);

Object.defineProperty(Function, '_validateParams', { value: () => null, configurable: true });
Object.defineProperty(Function, '_validateParameter', { value: () => null, configurable: true });
Object.defineProperty(Function, 'createDelegate', {
  value: (instance: unknown, method: (...args: readonly unknown[]) => unknown) => method.bind(instance),
  configurable: true,
});
Object.defineProperty(Function.prototype, 'registerClass', { value: returnThis, configurable: true });
Object.defineProperty(Function.prototype, 'registerInterface', { value: returnThis, configurable: true });
Object.defineProperty(Function.prototype, 'registerEnum', { value: returnThis, configurable: true });
Object.defineProperty(Function.prototype, 'initializeBase', { value: () => [], configurable: true });

function returnThis(this: Constructor): Constructor {
  return this;
}

function register(namespace: string): void {
  namespace.split('.').reduce((parent, name) => {
    const existing = parent[name];
    const child = asRecord(typeof existing === 'object' && existing !== null ? existing : {});
    parent[name] = child;
    return child;
  }, root);
}

root['Type'] = Object.assign(Function, { registerNamespace: register });
/** Collects text; office.js looks for it to see whether the library is there. */
class StringBuilder {
  #text = '';

  append(part: string): this {
    this.#text += part;
    return this;
  }

  toString(): string {
    return this.#text;
  }
}

root['Sys'] = {
  StringBuilder,
  Browser: { agent: null, InternetExplorer: {} },
  Debug: { trace: () => undefined },
  Serialization: {
    JavaScriptSerializer: { serialize: JSON.stringify, deserialize: (text: string) => JSON.parse(text) },
  },
};

/** A dialog on a phone is a web view of its own, into which the app puts what office.js reaches it by. */
function openerOnPhone(): ((text: string, from: Window) => void) | null {
  try {
    const reach: unknown = window.opener?.assentSandboxPhone;
    return typeof reach === 'function' ? (text, from) => void reach(text, from) : null;
  } catch {
    // The opener is a page of another origin.
    return null;
  }
}

const reach = openerOnPhone();
if (reach !== null) {
  const handler = {
    postMessage: (text: string) => {
      reach(text, window);
    },
  };
  root['webkit'] = { messageHandlers: { Agave: handler, WefPopupHandler: handler } };
  root['_enableFullDialogAPI'] = true;
  root['_osfEnableDialogOrigin'] = true;
  asRecord(Object(root['external']))['GetHostInfo'] = () => 'Outlook|iOS|16.00|en-US|sandbox|isDialog|disableLogging|0';
}

/** The same object, as something that takes properties by name. */
function asRecord(value: object): Record<string, unknown> {
  return Object(value);
}
