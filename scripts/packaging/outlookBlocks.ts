/** One `VersionOverrides` of an Outlook manifest: what it names, its buttons, its icons, and how it signs people in. */
import type { Element } from '@xmldom/xmldom';
import { type Fault, GUID } from './faults.ts';
import { childNamed, childrenOf, closest, elementsIn, faultAt, nameOf } from './xml.ts';

/** Which list of resources an element's `resid` leads to. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  Image: ['Images'],
  SourceLocation: ['Urls'],
  Label: ['ShortStrings'],
  Title: ['ShortStrings'],
  Description: ['LongStrings'],
};
const LONGEST: Readonly<Record<string, number>> = { ShortStrings: 125, LongStrings: 250 };
const LONGEST_ID = 32;
const DESKTOP_ICONS = ['16', '32', '80'];
const MOBILE_ICONS = ['25', '32', '48'].flatMap((size) => ['1', '2', '3'].map((scale) => `${size}@${scale}`));

export function blockFaults(block: Element): readonly Fault[] {
  // What belongs to the block inside it is checked with that one.
  const isOwn = (element: Element) => closest(element, 'VersionOverrides') === block;
  const own = elementsIn(block, '*').filter((element) => isOwn(element));
  return [
    ...resourceFaults(block, own),
    ...identityFaults(own),
    ...iconFaults(own),
    ...mobileFaults(own),
    ...versionFaults(block, own),
    ...signInFaults(block, own),
  ];
}

function resourceFaults(block: Element, own: readonly Element[]): readonly Fault[] {
  const resources = childNamed(block, 'Resources');
  if (resources === null) {
    return [faultAt(block, 'has no Resources')];
  }
  const named = new Set(own.flatMap((element) => element.getAttribute('resid') ?? []));
  const entries = childrenOf(resources).flatMap((list) =>
    childrenOf(list).map((entry) => ({ list: nameOf(list), entry })),
  );
  const lists = new Map(entries.map(({ list, entry }) => [entry.getAttribute('id') ?? '', list]));
  const ofEntries = entries.flatMap(({ list, entry }, index) => {
    const id = entry.getAttribute('id') ?? '';
    const most = LONGEST[list];
    const isTwice = entries.slice(0, index).some((other) => other.entry.getAttribute('id') === id);
    return [
      ...(id === '' || id.length > LONGEST_ID ? [faultAt(entry, `has no id of at most ${LONGEST_ID} characters`)] : []),
      ...(isTwice ? [faultAt(entry, 'has the id of another one')] : []),
      ...(named.has(id) ? [] : [faultAt(entry, 'is named by nothing')]),
      ...(most !== undefined && (entry.getAttribute('DefaultValue') ?? '').length > most
        ? [faultAt(entry, `has more than ${most} characters`)]
        : []),
    ];
  });
  const ofNames = own.flatMap((element) => {
    const resid = element.getAttribute('resid');
    const wanted = LISTS[nameOf(element)];
    if (resid === null || wanted === undefined) {
      return [];
    }
    const list = lists.get(resid);
    return list !== undefined && wanted.includes(list)
      ? []
      : [faultAt(element, `names ${resid}, which is not among ${wanted.join(', ')}`)];
  });
  return [...ofEntries, ...ofNames];
}

function identityFaults(own: readonly Element[]): readonly Fault[] {
  const seen = new Set<string>();
  return own
    .filter((element) => ['Group', 'Control'].includes(nameOf(element)))
    .flatMap((element) => {
      const id = element.getAttribute('id') ?? '';
      const isTwice = seen.has(id);
      seen.add(id);
      return isTwice || id === '' ? [faultAt(element, 'has no id of its own')] : [];
    });
}

function iconFaults(own: readonly Element[]): readonly Fault[] {
  return own
    .filter((element) => nameOf(element) === 'Icon')
    .flatMap((icon) => {
      const isMobile = isInMobile(icon);
      const images = childrenOf(icon).map((image) => {
        const size = image.getAttribute('size') ?? '';
        return isMobile ? `${size}@${image.getAttribute('scale') ?? '1'}` : size;
      });
      const wanted = isMobile ? MOBILE_ICONS : DESKTOP_ICONS;
      const missing = wanted.filter((size) => !images.includes(size));
      return missing.length === 0 ? [] : [faultAt(icon, `lacks the sizes ${missing.join(', ')}`)];
    });
}

/** Phones know one kind of button, and neither tips nor tabs. */
function mobileFaults(own: readonly Element[]): readonly Fault[] {
  return own
    .filter((element) => isInMobile(element))
    .flatMap((element) => {
      const isStrange =
        ['Supertip', 'OfficeTab', 'SupportsPinning'].includes(nameOf(element)) ||
        (nameOf(element) === 'Control' && typeOf(element) !== 'MobileButton');
      return isStrange ? [faultAt(element, 'is not for phones')] : [];
    });
}

function versionFaults(block: Element, own: readonly Element[]): readonly Fault[] {
  if (typeOf(block) === 'VersionOverridesV1_1') {
    return [];
  }
  return own
    .filter((element) =>
      ['SupportsPinning', 'MobileFormFactor', 'WebApplicationInfo', 'Runtimes'].includes(nameOf(element)),
    )
    .map((element) => faultAt(element, 'needs VersionOverridesV1_1'));
}

function signInFaults(block: Element, own: readonly Element[]): readonly Fault[] {
  if (typeOf(block) !== 'VersionOverridesV1_1') {
    return [];
  }
  const info = childNamed(block, 'WebApplicationInfo');
  if (info === null) {
    return [faultAt(block, 'has no WebApplicationInfo: getAccessToken answers 13000')];
  }
  const text = (name: string) => childNamed(info, name)?.textContent ?? '';
  const scopes = elementsIn(info, 'Scope').map((scope) => scope.textContent);
  const pane = own.find((element) => nameOf(element) === 'Url')?.getAttribute('DefaultValue') ?? '';
  const resource = `api://${URL.parse(pane)?.host ?? ''}/${text('Id')}`;
  return [
    ...(childrenOf(block).at(-1) === info ? [] : [faultAt(info, 'is not the last of its block')]),
    ...(GUID.test(text('Id')) ? [] : [faultAt(info, 'has no Id that is a GUID')]),
    ...(text('Resource') === resource ? [] : [faultAt(info, `has a Resource other than ${resource}`)]),
    ...(scopes.includes('profile') ? [] : [faultAt(info, 'does not ask for profile: getAccessToken answers 13005')]),
  ];
}

function isInMobile(element: Element): boolean {
  return closest(element, 'MobileFormFactor') !== null;
}

function typeOf(element: Element): string {
  return element.getAttributeNS('http://www.w3.org/2001/XMLSchema-instance', 'type') ?? '';
}
