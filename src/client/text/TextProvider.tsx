/** The words on screen, in the language of the person; English is what there is today. */
import type { ReactNode } from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import type screens from '../../text/en/screens.json';
import shell from '../../text/en/shell.json' with { type: 'json' };

export type WordId = keyof typeof shell | keyof typeof screens;

/** The words of the shell, which is what everyone waits for: those of the screens come with the screens. */
export function TextProvider({ children }: { readonly children: ReactNode }) {
  return (
    <IntlProvider locale="en" messages={shell}>
      {children}
    </IntlProvider>
  );
}

export type Values = Record<string, string | number>;

/** Says a text by its id. Ids that are put together are typed by the vocabularies that they come from. */
export function useWords(): (id: WordId, values?: Values) => string {
  const intl = useIntl();
  return (id, values) => intl.formatMessage({ id }, values);
}

/** A length of time in days, in years where it is whole ones. */
export function useLength(): (days: number) => string {
  const words = useWords();
  return (days) =>
    days % DAYS_PER_YEAR === 0 ? words('days.years', { years: days / DAYS_PER_YEAR }) : words('days.count', { days });
}

const DAYS_PER_YEAR = 365;

/** A date and a time as the person writes them, near ones as a distance. */
export interface Times {
  ago(at: string): string;
  date(at: string): string;
  /** Whole days, which are the same everywhere: from the midnight in UTC that begins the first to that after the last. */
  days(from: string, to: string): string;
}

export function useTimes(): Times {
  const intl = useIntl();
  return {
    ago: (at) => {
      const seconds = Math.round((Date.parse(at) - Date.now()) / 1000);
      if (Math.abs(seconds) < 60) {
        return intl.formatRelativeTime(0, 'second', { numeric: 'auto' });
      }
      return Math.abs(seconds) < 3600
        ? intl.formatRelativeTime(Math.trunc(seconds / 60), 'minute')
        : intl.formatDate(at, { dateStyle: 'medium', timeStyle: 'short' });
    },
    date: (at) => intl.formatDate(at, { dateStyle: 'medium', timeStyle: 'short' }),
    days: (from, to) => {
      const first = Date.parse(from);
      const last = Math.max(first, Date.parse(to) - 1);
      return intl.formatDateTimeRange(first, last, { dateStyle: 'medium', timeZone: 'UTC' });
    },
  };
}
