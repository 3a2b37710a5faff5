/** Every kind of fault in an Outlook manifest is named with its element. */
import { expect, test } from '@jest/globals';
import { checkOutlook } from '../../scripts/packaging/checkOutlook.ts';
import { made } from './installation.ts';

const { xml } = made();
const PHONES = /<MobileFormFactor>[\s\S]*<\/MobileFormFactor>/;

test.each<[string, RegExp, string, RegExp, RegExp]>([
  ['no XML', /<\/Permissions>/, '', /^document$/, /./],
  ['another root', /<OfficeApp /, '<Office ', /^document|^OfficeApp$/, /./],
  ['an element is missing', /<SupportUrl[^>]*>/, '', /^OfficeApp\/SupportUrl$/, /is missing/],
  [
    'elements in another order',
    /(<Version>[^<]*<\/Version>)\s*(<ProviderName>[^<]*<\/ProviderName>)/,
    '$2$1',
    /OfficeApp\/Version /,
    /ProviderName/,
  ],
  ['an element that is not known', /<Permissions>/, '<Extra/><Permissions>', /OfficeApp\/Extra/, /not known/],
  ['an id that is none', /<Id>[\da-f-]{36}/, '<Id>assent', /OfficeApp\/Id/, /GUID/],
  ['a version of five numbers', /<Version>/, '<Version>1.2.', /OfficeApp\/Version/, /four numbers/],
  ['a permission that is none', /ReadItem/, 'ReadAll', /OfficeApp\/Permissions/, /none of/],
  [
    'a description that is too long',
    /(<Description DefaultValue=")/,
    `$1${'x'.repeat(250)}`,
    /OfficeApp\/Description/,
    /250/,
  ],
  ['more than phones have', /MinVersion="1\.5"/, 'MinVersion="1.8"', /Requirements\/Sets\/Set/, /Mailbox 1\.8/],
  [
    'a requirement that hides the add-in',
    /Set Name="Mailbox" MinVersion="1\.5"/,
    'Set Name="NestedAppAuth" MinVersion="1.1"',
    /Sets\/Set/,
    /NestedAppAuth/,
  ],
  ['an address without https', /https:(\/\/assent\.example\/icons\/64)/, 'http:$1', /IconUrl/, /https/],
  ['what was not filled in', /DefaultValue="Assent"/, 'DefaultValue="${{NAME}}"', /DisplayName/, /\$\{\{NAME\}\}/],
  [
    'a resource that is nowhere',
    /<Label resid="Name"\/>/,
    '<Label resid="Nam"/>',
    /Group\[MessageReadGroup\]\/Label/,
    /Nam, which/,
  ],
  [
    'a resource of another kind',
    /<Label resid="Name"\/>/,
    '<Label resid="Tip"/>',
    /Group\[MessageReadGroup\]\/Label/,
    /ShortStrings/,
  ],
  [
    'a resource that nothing names',
    /<bt:Urls>/,
    '<bt:Urls><bt:Url id="Old" DefaultValue="https://assent.example/old"/>',
    /Url\[Old\]/,
    /named by nothing/,
  ],
  ['two of one id', /id="MessageComposeGroup"/, 'id="MessageReadGroup"', /Group\[MessageReadGroup\]/, /id of its own/],
  ['a size without a picture', /<bt:Image size="80" resid="Icon80"\/>/, '', /Icon /, /lacks the sizes 80/],
  [
    'a size without a picture on phones',
    /<bt:Image size="48" scale="3" resid="Icon144"\/>/,
    '',
    /MobileFormFactor.*Icon /,
    /48@3/,
  ],
  [
    'a button that phones do not know',
    /xsi:type="MobileButton"/,
    'xsi:type="Button"',
    /MobileFormFactor.*Control/,
    /not for phones/,
  ],
  [
    'pinning in the older block',
    /(<SourceLocation resid="Pane"\/>)/,
    '$1<SupportsPinning>true</SupportsPinning>',
    /SupportsPinning/,
    /V1_1/,
  ],
  [
    'nothing to sign in with',
    /<WebApplicationInfo>[\s\S]*<\/WebApplicationInfo>/,
    '',
    /VersionOverrides\/VersionOverrides/,
    /13000/,
  ],
  ['a resource of another host', /api:\/\/assent/, 'api://other', /WebApplicationInfo/, /api:\/\/assent\.example/],
  ['a scope that is missing', /<Scope>profile<\/Scope>/, '', /WebApplicationInfo/, /13005/],
])('%s', (what, from, to, element, reason) => {
  const changed = xml.replace(from, to);
  const faults = checkOutlook(changed);

  expect(changed === xml ? `${what} changes nothing` : what).toBe(what);
  expect(faults).toContainEqual({ element: expect.stringMatching(element), reason: expect.stringMatching(reason) });
});

test('phones are not needed, but the newer block is', () => {
  const [, newer = ''] = /(<VersionOverrides xmlns="[^"]*1\.1"[\s\S]*?<\/VersionOverrides>)/.exec(xml) ?? [];

  expect(checkOutlook(xml.replace(PHONES, '')).map(({ reason }) => reason)).toEqual(
    [25, 32, 48, 50, 64, 75, 96, 144].flatMap((size) => (size === 32 ? [] : ['is named by nothing'])),
  );
  expect(checkOutlook(xml.replace(newer, '')).map(({ reason }) => reason)).toEqual([
    'has no VersionOverridesV1_1 inside: no sign-in, no pinning, no phones',
  ]);
});
