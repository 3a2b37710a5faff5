/** The ignored domains as a field, with what the rule would have left out of what is stored. */
import { Field, Text, Textarea } from '@fluentui/react-components';
import { useDeferredValue } from 'react';
import { useRelevancePreview } from '../../api/organizationQueries.ts';
import { useWords } from '../../text/Words.tsx';
import { readDomains } from './readDomains.ts';

export interface DomainsFieldProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

export function DomainsField({ text, onChange }: DomainsFieldProps) {
  const words = useWords();
  const { domains, bad } = readDomains(text);
  const asked = useDeferredValue(domains.join(' '));
  const { data } = useRelevancePreview(bad.length > 0 || asked === '' ? null : asked.split(' '));
  return (
    <>
      <Field
        label={words('org.rulesLabel')}
        {...(bad.length > 0
          ? { validationState: 'error' as const, validationMessage: words('org.rulesBad', { domains: bad.join(', ') }) }
          : {})}
      >
        <Textarea
          value={text}
          rows={3}
          onChange={(_event, { value }) => {
            onChange(value);
          }}
        />
      </Field>
      {data === undefined || asked === '' ? null : (
        <Text size={200} aria-live="polite">
          {words(data.isComplete ? 'org.rulesCount' : 'org.rulesCountNewest', {
            looked: data.looked,
            excluded: data.excluded,
          })}
        </Text>
      )}
    </>
  );
}
