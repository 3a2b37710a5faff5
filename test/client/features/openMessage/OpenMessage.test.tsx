/** Of the open message it is said whether and why it is synchronized, and offered only what would change that. */
import { describe, expect, test } from '@jest/globals';
import { act, render, screen, waitFor } from '@testing-library/react';
import { OpenMessage } from '../../../../src/client/features/openMessage/OpenMessage.tsx';
import type { OpenItem } from '../../../../src/client/hosts/host.ts';
import { EXPLANATIONS, type Explanation } from '../../../../src/contract/api/items.ts';
import { type Answer, anApi, aProblem } from '../../../support/anApi.ts';
import { someExclusions } from '../../../support/apiDocuments.ts';
import { inApp } from '../../../support/inApp.tsx';
import { press, textsOf } from '../../../support/onScreen.ts';

const FIRST: OpenItem = { kind: 'message', internetMessageId: '<1@quillworks.example>', subject: 'Quarter' };
const SECOND: OpenItem = { kind: 'message', internetMessageId: '<2+3@quillworks.example>', subject: 'Year' };
const PATH = 'GET /api/me/items/explain?internetMessageId=%3C1%40quillworks.example%3E';
const SECOND_PATH = 'GET /api/me/items/explain?internetMessageId=%3C2%2B3%40quillworks.example%3E';

function show(current: OpenItem, answers: Readonly<Record<string, Answer>> = {}) {
  const { api, calls, sent } = anApi(answers);
  let select: (item: OpenItem) => void = () => undefined;
  const items = { current: () => current, onChange: (change: (item: OpenItem) => void) => (select = change) };
  const { container } = render(<OpenMessage items={items} />, { wrapper: inApp(api) });
  return {
    calls,
    sent,
    select: (item: OpenItem) => {
      act(() => {
        select(item);
      });
    },
    said: () => container.querySelector('[aria-live]')?.textContent,
    text: () => container.textContent,
  };
}

/** What is said of the first message, and what is offered. */
async function answered(explanation: Explanation) {
  const { said } = show(FIRST, { [PATH]: explanation });
  await waitFor(() => {
    expect(said()).not.toBe('Working…');
  });
  return { said: said(), offered: textsOf('button') };
}

describe('the answer', () => {
  test.each(EXPLANATIONS)('%s is a sentence', async (verdict) => {
    const { said } = await answered({ verdict, storedAt: '2026-11-20T10:00:00.000Z' });

    expect(said).toMatch(/^[A-Z].*\.$/);
    expect(said).not.toMatch(/item\.|[{}]|undefined/);
  });

  test.each([
    [undefined, 'Synchronized since'],
    ['full', 'Synchronized since'],
    ['limited', ', headers only.'],
  ] as const)('at level %s says so: %s', async (level, part) => {
    const { said } = await answered({
      verdict: 'synced',
      storedAt: '2026-11-20T10:00:00.000Z',
      ...(level === undefined ? {} : { level }),
    });

    expect(said).toContain(part);
    expect(said?.includes('headers only')).toBe(level === 'limited');
  });

  test.each([
    [undefined, 'Not synchronized: everyone on it is inside a domain that your organization ignores.'],
    ['organization', 'Not synchronized: everyone on it is inside a domain that your organization ignores.'],
    ['member', 'Not synchronized: everyone on it is inside a domain that you ignore.'],
  ] as const)('names whose rule it is: %s', async (by, sentence) => {
    const { said } = await answered({ verdict: 'ignoredDomains', ...(by === undefined ? {} : { by }) });

    expect(said).toBe(sentence);
  });

  test('that cannot be had is said, and can be asked for again', async () => {
    const answers: Record<string, Answer> = {
      [PATH]: aProblem('unavailable', 'Microsoft does not answer.', 'Try again.'),
    };
    const { said } = show(FIRST, answers);
    await screen.findByText('Microsoft does not answer. Try again.', { exact: false });
    answers[PATH] = { verdict: 'mailOff' };
    await press('Try again');

    await waitFor(() => {
      expect(said()).toBe('Not synchronized: mail is off.');
    });
  });
});

describe('what is offered', () => {
  test.each([
    ['synced', 'nora@quillworks.example', ['Leave out this conversation', 'Leave out nora@quillworks.example']],
    ['notYet', null, ['Leave out this conversation']],
    ['mailOff', 'nora@quillworks.example', []],
    ['notInMailbox', 'nora@quillworks.example', []],
  ] as const)('for %s from %s', async (verdict, sender, buttons) => {
    const { offered } = await answered({ verdict, sender, storedAt: '2026-11-20T10:00:00.000Z' });

    expect(offered).toEqual(buttons);
  });

  test('is to let in what the member left out', async () => {
    const exclusion = { kind: 'domain', value: 'quillworks.example' } as const;
    const { offered } = await answered({ verdict: 'excludedDomains', by: 'member', exclusion });

    expect(offered).toEqual(['Let it in again']);
  });

  test.each([
    ['Leave out this conversation', 'PUT', { kind: 'conversation', value: '<1@quillworks.example>' }],
    ['Leave out nora@quillworks.example', 'PUT', { kind: 'address', value: 'nora@quillworks.example' }],
    ['Let it in again', 'DELETE', { kind: 'domain', value: 'quillworks.example' }],
  ] as const)('“%s” sends %s %j, and the answer is asked for again', async (name, method, body) => {
    const answers: Record<string, Answer> = {
      [PATH]: {
        verdict: 'notYet',
        sender: 'nora@quillworks.example',
        exclusion: { kind: 'domain', value: 'quillworks.example' },
      },
      [`${method} /api/me/exclusions`]: someExclusions(),
    };
    const { sent, said } = show(FIRST, answers);
    await screen.findByRole('button', { name });
    answers[PATH] = { verdict: 'excludedConversations' };
    await press(name);
    await waitFor(() => {
      expect(said()).toBe('Not synchronized: you leave out this conversation.');
    });

    expect(sent()).toEqual([{ method, path: '/api/me/exclusions', body }]);
  });

  test('that fails is said beside the answer, which stays', async () => {
    const { said } = show(FIRST, {
      [PATH]: { verdict: 'notYet' },
      'PUT /api/me/exclusions': aProblem('too_many', 'You leave out too much.', 'Let something in first.'),
    });
    await press('Leave out this conversation');

    expect(await screen.findByText('You leave out too much. Let something in first.')).toBeTruthy();
    expect(said()).toBe('Not synchronized yet. It comes with the next round.');
  });
});

describe('the selection in Outlook', () => {
  test.each([
    ['none', 'Select a message to see whether it is synchronized.'],
    ['draft', 'This is a draft that you are writing. It is looked at once it is sent.'],
    ['other', 'This is not a message.'],
  ] as const)('of %s is said without asking the server', (kind, sentence) => {
    const { calls, text } = show({ kind });

    expect(text()).toBe(`This message${sentence}`);
    expect(calls).toEqual([]);
  });

  test('moving on never shows the answer to another message', async () => {
    const slow = Promise.withResolvers<Explanation>();
    const { select, said } = show(FIRST, { [PATH]: { verdict: 'mailOff' }, [SECOND_PATH]: () => slow.promise });
    await waitFor(() => {
      expect(said()).toBe('Not synchronized: mail is off.');
    });
    select(SECOND);
    const meanwhile = said();
    slow.resolve({ verdict: 'unreadable' });

    expect(meanwhile).toBe('Working…');
    await waitFor(() => {
      expect(said()).toBe('Not synchronized: Assent could not read it. It is set aside, and everything else goes on.');
    });
  });

  test('a failure of one message is not shown on another that was looked at before', async () => {
    const { select, said } = show(SECOND, {
      [PATH]: { verdict: 'notYet' },
      [SECOND_PATH]: { verdict: 'mailOff' },
      'PUT /api/me/exclusions': aProblem('too_many', 'You leave out too much.', 'Let something in first.'),
    });
    await screen.findByText('Not synchronized: mail is off.');
    select(FIRST);
    await press('Leave out this conversation');
    await screen.findByText('You leave out too much. Let something in first.');
    select(SECOND);

    expect(said()).toBe('Not synchronized: mail is off.');
    expect(screen.queryByText('You leave out too much. Let something in first.')).toBeNull();
  });
});
