import { expect, test } from '@jest/globals';
import { render } from '@testing-library/react';
import { ScreenTextProvider } from '../../../src/client/text/ScreenTextProvider.tsx';
import { RelevanceSummary } from '../../../src/client/ui/RelevanceSummary.tsx';
import type { RelevanceDocument } from '../../../src/contract/api/relevance.ts';
import { NO_RULES } from '../../support/apiDocuments.ts';

/** The lines, each with its names after a space. */
function lines(relevance: Partial<RelevanceDocument>): readonly string[] {
  const { container } = render(<RelevanceSummary relevance={{ ...NO_RULES, ...relevance }} none="Nothing." />, {
    wrapper: ScreenTextProvider,
  });
  const all =
    container.querySelector('div') === null ? container.children : (container.firstElementChild?.children ?? []);
  return [...all].map((line) =>
    line.children.length === 0 ? line.textContent : [...line.children].map(({ textContent }) => textContent).join(' '),
  );
}

test('nothing that is left out is said as such', () => {
  expect(lines({})).toEqual(['Nothing.']);
});

test('every rule has a line, with all that it names', () => {
  expect(
    lines({
      ignoredDomains: ['harborreed.example', 'fernhill.example'],
      excludedDomains: ['quillworks.example'],
      excludedAddresses: ['nora@fernhill.example'],
      excludedFolders: ['private'],
      leavesOutDrafts: true,
    }),
  ).toEqual([
    'Everyone is inside: harborreed.example fernhill.example',
    'Any of these takes part: quillworks.example nora@fernhill.example',
    'In a folder: private',
    'Drafts, until they are sent',
  ]);
});

test('a rule that names nothing has no line', () => {
  expect(lines({ excludedFolders: ['private'] })).toEqual(['In a folder: private']);
  expect(lines({ retentionDays: 30 })).toEqual(['As soon as it is older than 30 days']);
});
