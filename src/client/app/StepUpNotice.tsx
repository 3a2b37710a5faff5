/** A policy of the organization asks for more at sign-in: one click, Microsoft's step, and the page continues. */
import { Button } from '@fluentui/react-components';
import { useState } from 'react';
import { useApi } from '../api/queries.ts';
import { useWords } from '../text/TextProvider.tsx';
import { Notice } from '../ui/Notice.tsx';

export interface OneMoreStepProps {
  /** What Microsoft asks the next token to show. */
  readonly claims: string;
  readonly onTaken: () => void;
}

export function StepUpNotice({ claims, onTaken }: OneMoreStepProps) {
  const words = useWords();
  const api = useApi();
  const [state, setState] = useState<'idle' | 'asking' | 'notTaken'>('idle');
  const ask = () => {
    setState('asking');
    void api.answerChallenge(claims).then((isTaken) => {
      if (isTaken) {
        onTaken();
      }
      setState(isTaken ? 'idle' : 'notTaken');
    });
  };
  return (
    <Notice
      intent="warning"
      title={words('step.title')}
      actions={
        <Button appearance="primary" disabled={state === 'asking'} onClick={ask}>
          {words('step.take')}
        </Button>
      }
    >
      {words(state === 'notTaken' ? 'step.notTaken' : 'step.text')}
    </Notice>
  );
}
