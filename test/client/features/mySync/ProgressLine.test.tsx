import { FluentProvider, webLightTheme } from '@fluentui/react-components';
import { expect, test } from '@jest/globals';
import { render, screen } from '@testing-library/react';
import { ProgressLine } from '../../../../src/client/features/mySync/ProgressLine.tsx';
import { ScreenTextProvider } from '../../../../src/client/text/ScreenTextProvider.tsx';
import type { Progress, StreamDocument } from '../../../../src/contract/api/sync.ts';

const part = (name: string, error: StreamDocument['error']): StreamDocument => ({
  kind: 'folder',
  name,
  mailbox: null,
  stage: error === null ? 'current' : 'failing',
  items: 1,
  expected: 1,
  nextAttemptAt: null,
  error,
});

function show(stage: Progress['stage'], ...parts: readonly StreamDocument[]): string {
  const failing = parts.filter(({ error }) => error !== null);
  const progress: Progress = {
    category: 'calendar',
    stage,
    items: 3,
    expected: null,
    rate: null,
    secondsLeft: null,
    lastSuccessAt: null,
    nextAttemptAt: null,
    error: failing[0]?.error ?? null,
    failing: failing.length,
    setAside: 0,
    parts: [...parts],
    partCount: parts.length,
  };
  render(
    <FluentProvider theme={webLightTheme}>
      <ScreenTextProvider>
        <ProgressLine progress={progress} />
      </ScreenTextProvider>
    </FluentProvider>,
  );
  return document.querySelector('[aria-live]')?.textContent ?? '';
}

test('K8 one part that is refused is named beside how the others are doing', () => {
  const text = show('current', part('Birthdays', 'forbidden'), part('Calendar', null));

  expect(text).toMatch(
    /^Up to date\. Last checked .*\. Except Birthdays\. Microsoft refused access\. Next attempt .*\.$/,
  );
  expect(screen.queryByRole('progressbar')).toBeNull();
});

test('several are counted', () => {
  const text = show('current', part('Birthdays', 'forbidden'), part('Holidays', 'notFound'), part('Calendar', null));

  expect(text).toContain('Except Birthdays and 1 more.');
});

test('where nothing is read, only what went wrong is said', () => {
  expect(show('failing', part('Calendar', 'microsoftUnavailable'))).toMatch(
    /^Microsoft does not answer\. Next attempt/,
  );
});
