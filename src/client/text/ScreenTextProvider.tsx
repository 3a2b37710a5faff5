/** The words of every screen, those of the shell included. */
import type { ReactNode } from 'react';
import { IntlProvider } from 'react-intl';
import screens from '../../text/en/screens.json' with { type: 'json' };
import shell from '../../text/en/shell.json' with { type: 'json' };

const ALL = { ...shell, ...screens };

export function ScreenTextProvider({ children }: { readonly children: ReactNode }) {
  return (
    <IntlProvider locale="en" messages={ALL}>
      {children}
    </IntlProvider>
  );
}
