/** Whoever decides reads who receives it, and finds its privacy policy. */
import { expect, test } from '@jest/globals';
import { render } from '@testing-library/react';
import { RecipientContext, RecipientStrip } from '../../../src/client/ui/Recipient.tsx';
import { anApi } from '../../support/anApi.ts';
import { inApp, NORTHGATE } from '../../support/inApp.tsx';

test.each([
  ['recipient.receives', 'Northgate CRM receives what is on here. Privacy policy'],
  ['recipient.willReceive', 'Northgate CRM will receive it. Privacy policy'],
  ['recipient.willReceiveForAll', 'Northgate CRM will receive what is on. Privacy policy'],
] as const)('%s', (says, text) => {
  const { container } = render(<RecipientStrip says={says} />, { wrapper: inApp(anApi({}).api) });

  expect(container.textContent).toBe(text);
  expect(container.querySelector('a')?.getAttribute('href')).toBe(NORTHGATE.privacyUrl);
  expect(container.querySelector('img')?.getAttribute('src')).toBe(NORTHGATE.logoUrl);
  expect(container.querySelector('img')?.getAttribute('alt')).toBe('');
});

test('without a logo and a policy the name stands alone', () => {
  const { container } = render(
    <RecipientContext value={{ name: 'Northgate CRM', logoUrl: null, privacyUrl: null }}>
      <RecipientStrip says="recipient.willReceive" />
    </RecipientContext>,
    { wrapper: inApp(anApi({}).api) },
  );

  expect(container.textContent?.trim()).toBe('Northgate CRM will receive it.');
  expect(container.querySelector('img, a')).toBeNull();
});
