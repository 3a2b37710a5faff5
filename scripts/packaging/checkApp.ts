/**
 * Checks a Teams and Microsoft 365 app offline: by Microsoft's schema of its version, and by what no schema says.
 *
 * Source  The schemas inside `@microsoft/app-manifest`; "App manifest schema" and "Single sign-on for tabs"
 *         (learn.microsoft.com/microsoftteams): domains, the resource's form, icons.
 */
import { AppManifestUtils } from '@microsoft/app-manifest';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { type Fault, PLACEHOLDER } from './faults.ts';

const ICONS = [
  ['color.png', 192],
  ['outline.png', 32],
] as const;

const Action = z.looseObject({ id: z.string() });
const Control = z.looseObject({ actionId: z.string().optional() });
const Extension = z.looseObject({
  requirements: z.looseObject({
    capabilities: z.array(z.looseObject({ name: z.string(), minVersion: z.string().optional() })).default([]),
  }),
  runtimes: z.array(z.looseObject({ actions: z.array(Action).default([]), code: z.looseObject({ page: z.string() }) })),
  ribbons: z.array(
    z.looseObject({
      tabs: z.array(z.looseObject({ groups: z.array(z.looseObject({ controls: z.array(Control) })) })),
    }),
  ),
});
const Manifest = z.looseObject({
  id: z.string(),
  version: z.string(),
  validDomains: z.array(z.string()).default([]),
  webApplicationInfo: z.looseObject({ id: z.string(), resource: z.string().default('') }),
  staticTabs: z.array(z.looseObject({ contentUrl: z.string() })).default([]),
  extensions: z.array(Extension).default([]),
});
type Manifest = z.infer<typeof Manifest>;

/** Every fault of a package (zip); none for one that Teams takes. */
export async function checkApp(zip: Uint8Array): Promise<readonly Fault[]> {
  const files = unzipped(zip);
  if (files === null) {
    return [{ element: 'package', reason: 'is not a zip file' }];
  }
  const manifest = parsed(files['manifest.json']);
  if (manifest === null) {
    return [{ element: 'manifest.json', reason: 'is missing, or no JSON' }];
  }
  const known = Manifest.safeParse(manifest);
  return [
    ...ICONS.flatMap(([name, size]) => iconFaults(name, size, files[name])),
    ...placeholderFaults(manifest, ''),
    ...(await schemaFaults(manifest)),
    ...(known.success
      ? [...signInFaults(known.data), ...addressFaults(known.data), ...extensionFaults(known.data)]
      : known.error.issues.map(({ path, message }) => ({ element: `/${path.join('/')}`, reason: message }))),
  ];
}

function unzipped(zip: Uint8Array): Readonly<Record<string, Uint8Array>> | null {
  try {
    return unzipSync(zip);
  } catch {
    return null;
  }
}

function parsed(file: Uint8Array | undefined): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(file));
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The library puts the element first, and the schema's own words behind `Details:`. */
async function schemaFaults(manifest: object): Promise<readonly Fault[]> {
  const found = await AppManifestUtils.validateAgainstSchema(Object(manifest));
  return found.map((text) => {
    const [said = text] = text.split(' Details: ');
    const [, element = '/', reason = said] = /^(\/\S*) (.*)$/.exec(said) ?? [];
    return { element, reason };
  });
}

function placeholderFaults(value: unknown, path: string): readonly Fault[] {
  if (typeof value === 'string') {
    const name = PLACEHOLDER.exec(value)?.[0];
    return name === undefined ? [] : [{ element: path, reason: `${name} is not filled in` }];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => placeholderFaults(each, `${path}/${key}`))
    : [];
}

function iconFaults(name: string, size: number, file: Uint8Array | undefined): readonly Fault[] {
  if (file === undefined) {
    return [{ element: name, reason: 'is missing' }];
  }
  const png = Buffer.from(file);
  const isPng = png.length > 24 && png.readUInt32BE(0) === 0x89504e47;
  const isRight = isPng && png.readUInt32BE(16) === size && png.readUInt32BE(20) === size;
  return isRight ? [] : [{ element: name, reason: `is no PNG of ${size} × ${size}` }];
}

function signInFaults({ webApplicationInfo: { id, resource }, validDomains }: Manifest): readonly Fault[] {
  const [, host = '', named = ''] = /^api:\/\/([^/]+)\/(?:botid-)?(.+)$/i.exec(resource) ?? [];
  const element = '/webApplicationInfo/resource';
  return [
    ...(named.toLowerCase() === id.toLowerCase() ? [] : [{ element, reason: 'does not end with the client id' }]),
    ...(validDomains.includes(host)
      ? []
      : [{ element, reason: `names ${host || 'no host'}, which is no valid domain` }]),
    ...(host === host.toLowerCase() ? [] : [{ element, reason: 'has capitals in its host, which Android refuses' }]),
  ];
}

function addressFaults({ staticTabs, extensions, validDomains }: Manifest): readonly Fault[] {
  const pages = [
    ...staticTabs.map(({ contentUrl }, index) => [`/staticTabs/${index}/contentUrl`, contentUrl] as const),
    ...extensions.flatMap(({ runtimes }, extension) =>
      runtimes.map(({ code }, index) => [`/extensions/${extension}/runtimes/${index}/code/page`, code.page] as const),
    ),
  ];
  return [
    ...pages.flatMap(([element, page]) => {
      const url = URL.parse(page);
      const isOurs = url?.protocol === 'https:' && validDomains.includes(url.host);
      return isOurs ? [] : [{ element, reason: 'is no https address on a valid domain' }];
    }),
    ...validDomains.flatMap((domain, index) =>
      domain.includes('*') || domain.startsWith('login.microsoftonline.')
        ? [{ element: `/validDomains/${index}`, reason: `${domain} is not for an app to claim` }]
        : [],
    ),
  ];
}

/** Mobile and older Outlook hide an add-in that wants more than Mailbox 1.5, and every Outlook one that wants sign-in. */
function extensionFaults({ extensions }: Manifest): readonly Fault[] {
  return extensions.flatMap(({ requirements, runtimes, ribbons }, index) => {
    const actions = new Set(runtimes.flatMap((runtime) => runtime.actions.map(({ id }) => id)));
    const controls = ribbons.flatMap(({ tabs }) =>
      tabs.flatMap(({ groups }) => groups.flatMap((each) => each.controls)),
    );
    return [
      ...requirements.capabilities.flatMap(({ name, minVersion = '1.1' }) =>
        name === 'Mailbox' && Number(minVersion.split('.')[1]) <= 5
          ? []
          : [{ element: `/extensions/${index}/requirements`, reason: `asks for ${name} ${minVersion}` }],
      ),
      ...controls.flatMap(({ actionId }) =>
        actionId === undefined || actions.has(actionId)
          ? []
          : [{ element: `/extensions/${index}/ribbons`, reason: `names the action ${actionId}, which no runtime has` }],
      ),
    ];
  });
}
