/** The rules of an organization as fields, with what they would leave out of what is stored. */
import { Field, Text, Textarea } from '@fluentui/react-components';
import { useDeferredValue } from 'react';
import { useRelevancePreview } from '../../api/organizationQueries.ts';
import { useWords, type WordId } from '../../text/TextProvider.tsx';
import { RuleSettingsFields } from '../../ui/RuleSettingsFields.tsx';
import { readRules, type RulesDraft } from './rulesDraft.ts';

export interface RulesFieldsProps {
  readonly draft: RulesDraft;
  readonly onChange: (draft: RulesDraft) => void;
}

export function RulesFields({ draft, onChange }: RulesFieldsProps) {
  const words = useWords();
  const { badIgnored, badExcluded } = readRules(draft);
  const set = (change: Partial<RulesDraft>) => {
    onChange({ ...draft, ...change });
  };
  return (
    <>
      <Lines
        label="rules.ignored"
        hint="rules.ignoredHint"
        text={draft.ignored}
        bad={badIgnored.length > 0 ? words('rules.badDomains', { parts: badIgnored.join(', ') }) : null}
        onChange={(ignored) => {
          set({ ignored });
        }}
      />
      <Lines
        label="rules.excluded"
        hint="rules.excludedHint"
        text={draft.excluded}
        bad={badExcluded.length > 0 ? words('rules.badParts', { parts: badExcluded.join(', ') }) : null}
        onChange={(excluded) => {
          set({ excluded });
        }}
      />
      <Lines
        label="rules.folders"
        hint="rules.foldersHint"
        text={draft.folders}
        bad={null}
        onChange={(folders) => {
          set({ folders });
        }}
      />
      <RuleSettingsFields
        settings={draft.settings}
        above={null}
        onChange={(change) => {
          set({ settings: { ...draft.settings, ...change } });
        }}
      />
      <PreviewCount draft={draft} />
    </>
  );
}

interface LinesProps {
  readonly label: WordId;
  readonly hint: WordId;
  readonly text: string;
  /** What is wrong with it; `null` where nothing is. */
  readonly bad: string | null;
  readonly onChange: (text: string) => void;
}

function Lines({ label, hint, text, bad, onChange }: LinesProps) {
  const words = useWords();
  return (
    <Field
      label={words(label)}
      hint={words(hint)}
      {...(bad === null ? {} : { validationState: 'error' as const, validationMessage: bad })}
    >
      <Textarea
        value={text}
        rows={2}
        resize="vertical"
        onChange={(_event, { value }) => {
          onChange(value);
        }}
      />
    </Field>
  );
}

function PreviewCount({ draft }: { readonly draft: RulesDraft }) {
  const words = useWords();
  const asked = useDeferredValue(draft);
  const { relevance, isValid, isEmpty } = readRules(asked);
  const { data } = useRelevancePreview(isValid && !isEmpty ? relevance : null);
  return data === undefined || isEmpty ? null : (
    <Text size={200} aria-live="polite">
      {words(data.isComplete ? 'org.rulesCount' : 'org.rulesCountNewest', {
        looked: data.looked,
        excluded: data.excluded,
      })}
    </Text>
  );
}
