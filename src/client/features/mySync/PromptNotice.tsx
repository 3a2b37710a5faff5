/** Asks a person who has nothing turned on to choose; may be put off, or never shown again. */
import { Button } from '@fluentui/react-components';
import { useAnswerPrompt } from '../../api/queries.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { Notice } from '../../ui/Notice.tsx';

export function PromptNotice() {
  const words = useWords();
  const answer = useAnswerPrompt();
  const say = (what: 'later' | 'never') => () => {
    answer.mutate(what);
  };
  return (
    <Notice
      intent="info"
      title={words('prompt.title')}
      actions={
        <>
          <Button size="small" disabled={answer.isPending} onClick={say('later')}>
            {words('prompt.later')}
          </Button>
          <Button size="small" appearance="subtle" disabled={answer.isPending} onClick={say('never')}>
            {words('prompt.never')}
          </Button>
        </>
      }
    >
      {words('prompt.text')}
    </Notice>
  );
}
