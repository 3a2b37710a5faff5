import { expect, test } from '@jest/globals';
import { render, screen, waitFor } from '@testing-library/react';
import { PromptNotice } from '../../../../src/client/features/mySync/PromptNotice.tsx';
import { anApi } from '../../../support/anApi.ts';
import { inApp } from '../../../support/inApp.tsx';
import { press, textsOf } from '../../../support/onScreen.ts';

test.each([
  ['Remind me later', 'later'],
  ["Don't ask again", 'never'],
])('“%s” answers %s, once', async (name, answer) => {
  const { api, sent } = anApi({ 'POST /api/me/prompt': () => new Promise(() => undefined) });
  render(<PromptNotice />, { wrapper: inApp(api) });
  const buttons = textsOf('button');
  await press(name);
  await waitFor(() => {
    expect(screen.getAllByRole<HTMLButtonElement>('button').map(({ disabled }) => disabled)).toEqual([true, true]);
  });

  expect(buttons).toEqual(['Remind me later', "Don't ask again"]);
  expect(sent()).toEqual([{ method: 'POST', path: '/api/me/prompt', body: { answer } }]);
});
