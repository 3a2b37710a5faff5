/** What the application puts around its screens: theme, texts, queries and the API. */
import { FluentProvider, webLightTheme } from '@fluentui/react-components';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Api } from '../../src/client/api/client.ts';
import { ApiContext, makeQueryClient } from '../../src/client/api/queries.ts';
import { RecipientContext } from '../../src/client/ui/Recipient.tsx';
import { ScreenTextProvider } from '../../src/client/text/ScreenTextProvider.tsx';

export const NORTHGATE = {
  name: 'Northgate CRM',
  logoUrl: '/operator/logo',
  privacyUrl: 'https://northgate.example/privacy',
};

/** For the `wrapper` of `render` and `renderHook`. */
export function inApp(api: Api, queries: QueryClient = makeQueryClient()) {
  return function InApp({ children }: { readonly children: ReactNode }) {
    return (
      <FluentProvider theme={webLightTheme}>
        <ScreenTextProvider>
          <QueryClientProvider client={queries}>
            <RecipientContext value={NORTHGATE}>
              <ApiContext.Provider value={api}>{children}</ApiContext.Provider>
            </RecipientContext>
          </QueryClientProvider>
        </ScreenTextProvider>
      </FluentProvider>
    );
  };
}
