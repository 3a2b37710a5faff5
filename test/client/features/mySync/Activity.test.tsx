import { FluentProvider, webLightTheme } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { describe, expect, test } from '@jest/globals';
import { render, screen, waitFor } from '@testing-library/react';
import type { Api } from '../../../../src/client/api/client.ts';
import { ApiContext, makeQueryClient } from '../../../../src/client/api/queries.ts';
import { Activity } from '../../../../src/client/features/mySync/Activity.tsx';
import { ScreenTextProvider } from '../../../../src/client/text/ScreenTextProvider.tsx';

function show(items: readonly object[]) {
  const answer = <T,>(): Promise<T> => Promise.resolve(JSON.parse(JSON.stringify({ items, next: null })));
  const api: Api = {
    get: answer,
    send: answer,
    answerChallenge: () => Promise.resolve(false),
    open: () => Promise.reject(new Error('not here')),
  };
  return render(
    <FluentProvider theme={webLightTheme}>
      <ScreenTextProvider>
        <QueryClientProvider client={makeQueryClient()}>
          <ApiContext.Provider value={api}>
            <Activity />
          </ApiContext.Provider>
        </QueryClientProvider>
      </ScreenTextProvider>
    </FluentProvider>,
  );
}

function message(subject: string, name = 'Nora') {
  return {
    id: subject,
    category: 'mail',
    subject,
    at: '2026-11-20T10:00:00.000Z',
    people: [{ name, address: 'nora@quillworks.example', role: 'from' }],
    folder: 'Inbox',
    level: 'limited',
  };
}

const VECTORS = [
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<script>alert(1)</script>',
  '<a href="javascript:alert(1)">x</a>',
  '"><iframe srcdoc="<script>alert(1)</script>">',
  '<math><mtext></mtext><mglyph><svg><mtext><style><img src=x onerror=alert(1)></style></mtext></svg></mglyph></math>',
  '<template><script>alert(1)</script></template>',
  '{{constructor.constructor("alert(1)")()}}',
  '\u202Egnp.exe',
];

describe('recently synchronized', () => {
  test.each(VECTORS)('CLI-01 shows %j as text and as nothing else', async (vector) => {
    const { container } = show([message(vector, vector)]);
    await waitFor(() => screen.getByText(vector));

    expect(container.querySelectorAll('script, img, iframe, a, template, math')).toHaveLength(0);
  });

  test('says so when nothing is stored', async () => {
    show([]);

    expect(await screen.findByText('Nothing is stored.')).toBeTruthy();
  });

  test('a message without a subject is still a line, and headers only are named', async () => {
    show([message('')]);

    expect(await screen.findByText('(no subject)')).toBeTruthy();
    expect(screen.getByText('Nora · Inbox · headers only')).toBeTruthy();
  });
});
