import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { act, render } from '@testing-library/react';
import { ReceiptNotice } from '../../../../src/client/features/mySync/ReceiptNotice.tsx';
import { type Answer, anApi } from '../../../support/anApi.ts';
import { aReceipt } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const pass = (milliseconds: number) => act(() => jest.advanceTimersByTimeAsync(milliseconds));

async function show(receipt: Answer) {
  const answers: Record<string, Answer> = { 'GET /api/me/receipts/r1': receipt };
  const { api, calls } = anApi(answers);
  const { container } = render(<ReceiptNotice id="r1" />, { wrapper: inApp(api) });
  await pass(0);
  return { answers, calls, text: () => container.textContent };
}

test('is looked at every second until everything is erased, and then no more', async () => {
  const { answers, calls, text } = await show(
    aReceipt({ state: 'erasing', endedAt: null, items: { mail: 0, files: 0 } }),
  );
  await pass(2_000);
  const meanwhile = [text(), calls.length];
  answers['GET /api/me/receipts/r1'] = aReceipt({ items: { mail: 3, files: 4 } });
  await pass(1_000);
  await pass(60_000);
  const when = new Date('2026-11-20T10:01:00.000Z').toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });

  expect(meanwhile).toEqual(['Erasing mail, files…', 3]);
  expect(text()).toBe(
    `Mail, Files erased: 7 items, ${when}. Receipt 0198c7f2. Northgate CRM was told to delete its copy.`,
  );
  expect(calls).toHaveLength(4);
});

test.each([
  [0, 'Mail erased: nothing was stored, '],
  [1, 'Mail erased: 1 item, '],
])('of %d items begins with “%s”', async (mail, beginning) => {
  const { text } = await show(aReceipt({ items: { mail } }));

  expect(text()).toContain(beginning);
});

test('claims nothing before it is known', async () => {
  const { text } = await show(() => new Promise(() => undefined));

  expect(text()).toBe('');
});
