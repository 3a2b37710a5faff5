/**
 * Checks an Outlook add-in's XML manifest offline. Microsoft's own check uploads the file, and its published XML schemas
 * are older than what Outlook takes, so the rules stand here.
 *
 * Source  "Manifest element ordering", the pages of the elements (learn.microsoft.com/office/dev/add-ins/reference),
 *         "Outlook mobile add-ins" (icons), "SSO in Office Add-ins" (WebApplicationInfo).
 */
import { DOMParser, type Document, type Element, ParseError } from '@xmldom/xmldom';
import { type Fault, GUID, PLACEHOLDER } from './faults.ts';
import { blockFaults } from './outlookBlocks.ts';
import { childNamed, childrenOf, elementsIn, faultAt, nameOf } from './xml.ts';

const MANIFEST = 'http://schemas.microsoft.com/office/appforoffice/1.1';

/** In the order that Office demands. */
const CHILDREN = [
  'Id',
  'AlternateId',
  'Version',
  'ProviderName',
  'DefaultLocale',
  'DisplayName',
  'Description',
  'IconUrl',
  'HighResolutionIconUrl',
  'SupportUrl',
  'AppDomains',
  'Hosts',
  'Requirements',
  'FormSettings',
  'Permissions',
  'Rule',
  'DisableEntityHighlighting',
  'VersionOverrides',
];
const NEEDED = CHILDREN.filter((name) => !['AlternateId', 'AppDomains', 'DisableEntityHighlighting'].includes(name));
const LONGEST: Readonly<Record<string, number>> = { ProviderName: 125, DisplayName: 125, Description: 250 };
const PERMISSIONS = ['Restricted', 'ReadItem', 'ReadWriteItem', 'ReadWriteMailbox'];

/** Every fault of a manifest; none for one that Outlook takes. */
export function checkOutlook(xml: string): readonly Fault[] {
  const document = parsed(xml);
  if (!('documentElement' in document)) {
    return [document];
  }
  const root = document.documentElement;
  if (root === null || root.localName !== 'OfficeApp' || root.namespaceURI !== MANIFEST) {
    return [{ element: 'OfficeApp', reason: `is not the root, in the namespace ${MANIFEST}` }];
  }
  return [
    ...orderFaults(root),
    ...textFaults(root),
    ...requirementFaults(root),
    ...addressFaults(root),
    ...elementsIn(root, 'VersionOverrides').flatMap((block) => blockFaults(block)),
    ...nestingFaults(root),
  ];
}

function parsed(xml: string): Document | Fault {
  try {
    return new DOMParser({ onError: (level, message) => stopAt(level, message) }).parseFromString(xml, 'text/xml');
  } catch (error) {
    if (error instanceof ParseError) {
      return { element: 'document', reason: error.message };
    }
    throw error;
  }
}

function stopAt(level: string, message: string): void {
  if (level !== 'warning') {
    throw new ParseError(message);
  }
}

function orderFaults(root: Element): readonly Fault[] {
  const names = childrenOf(root).map((each) => nameOf(each));
  const missing = NEEDED.filter((name) => !names.includes(name)).map((name) => ({
    element: `OfficeApp/${name}`,
    reason: 'is missing',
  }));
  const misplaced = childrenOf(root).flatMap((each, index) => {
    const place = CHILDREN.indexOf(nameOf(each));
    if (place < 0) {
      return [faultAt(each, 'is not known here')];
    }
    const before = names.slice(0, index).findLast((name) => CHILDREN.indexOf(name) >= place);
    return before === undefined ? [] : [faultAt(each, `stands behind ${before}, and has to stand before it`)];
  });
  return [...missing, ...misplaced];
}

function textFaults(root: Element): readonly Fault[] {
  const id = childNamed(root, 'Id');
  const version = childNamed(root, 'Version');
  const permissions = childNamed(root, 'Permissions');
  const isVersion = /^\d{1,5}(?:\.\d{1,5}){0,3}$/.test(version?.textContent ?? '');
  const faults: (readonly [Element | null, boolean, string])[] = [
    [id, GUID.test(id?.textContent ?? ''), 'is no GUID'],
    [version, isVersion, 'is no version of up to four numbers'],
    [permissions, PERMISSIONS.includes(permissions?.textContent ?? ''), `is none of ${PERMISSIONS.join(', ')}`],
    ...Object.entries(LONGEST).map(([name, most]) => {
      const element = childNamed(root, name);
      const text = element?.getAttribute('DefaultValue') ?? element?.textContent ?? '';
      return [element, text !== '' && text.length <= most, `has no text of at most ${most} characters`] as const;
    }),
  ];
  return faults.flatMap(([element, isRight, reason]) =>
    element === null || isRight ? [] : [faultAt(element, reason)],
  );
}

/** Mobile and older Outlook hide an add-in that wants more than Mailbox 1.5, and every Outlook one that wants sign-in. */
function requirementFaults(root: Element): readonly Fault[] {
  return elementsIn(root, 'Set').flatMap((set) => {
    const version = set.getAttribute('MinVersion') ?? '1.1';
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const isRight = set.getAttribute('Name') === 'Mailbox' && major === 1 && minor <= 5;
    return isRight ? [] : [faultAt(set, `asks for ${set.getAttribute('Name') ?? 'nothing'} ${version}`)];
  });
}

/** Everything that is an address is one of https, and nothing was left to fill in. */
function addressFaults(root: Element): readonly Fault[] {
  return [root, ...elementsIn(root, '*')].flatMap((element) => {
    const texts = [...element.attributes].map(({ value }) => value);
    const own = childrenOf(element).length === 0 ? [...texts, element.textContent ?? ''] : texts;
    const unfilled = own.find((text) => PLACEHOLDER.test(text));
    const address = element.getAttribute('DefaultValue') ?? (nameOf(element) === 'AppDomain' ? own.at(-1) : undefined);
    const isAddress = /Url$|^AppDomain$|^SourceLocation$|^Image$/.test(nameOf(element)) && address !== undefined;
    return [
      ...(unfilled === undefined
        ? []
        : [faultAt(element, `${PLACEHOLDER.exec(unfilled)?.[0] ?? ''} is not filled in`)]),
      ...(isAddress && URL.parse(address ?? '')?.protocol !== 'https:'
        ? [faultAt(element, 'is no https address')]
        : []),
    ];
  });
}

/** Each version's block stands at the end of the one before; Outlook reads the newest that it knows. */
function nestingFaults(root: Element): readonly Fault[] {
  const [first, second] = elementsIn(root, 'VersionOverrides');
  if (first === undefined) {
    return [];
  }
  if (second === undefined) {
    return [faultAt(first, 'has no VersionOverridesV1_1 inside: no sign-in, no pinning, no phones')];
  }
  return childrenOf(first).at(-1) === second ? [] : [faultAt(second, 'is not the last of VersionOverridesV1_0')];
}
