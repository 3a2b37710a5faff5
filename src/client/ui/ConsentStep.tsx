/** What a dialog says of the consent in progress, beneath what is asked. */
import { Button, Link, Spinner } from '@fluentui/react-components';
import { useWords } from '../text/TextProvider.tsx';
import { useErrorText } from './LoadError.tsx';
import { Notice } from './Notice.tsx';
import type { Consent } from './useConsent.ts';

export interface ConsentStepProps {
  readonly consent: Consent;
  /** A person says that Microsoft's page asked for an admin, which a closed window alone does not prove. */
  readonly onAskedForAdministrator?: () => void;
}

export function ConsentStep({ consent, onAskedForAdministrator }: ConsentStepProps) {
  const words = useWords();
  const textOf = useErrorText();
  const { state, again } = consent;
  const retry = <Button onClick={again}>{words('app.retry')}</Button>;
  switch (state.kind) {
    case 'preparing':
    case 'ready':
    case 'done':
      return null;
    case 'waiting':
      return (
        <Notice intent="info" actions={<Spinner size="tiny" label={words('consent.waitingNote')} />}>
          {words('consent.waiting')}
        </Notice>
      );
    case 'propagating':
      return <Notice intent="info">{words('consent.propagating')}</Notice>;
    case 'closed':
      return (
        <Notice
          intent="warning"
          actions={
            <>
              {retry}
              {onAskedForAdministrator === undefined ? null : (
                <Button onClick={onAskedForAdministrator}>{words('consent.askedForAdministrator')}</Button>
              )}
            </>
          }
        >
          {words('consent.closed')}
        </Notice>
      );
    case 'popupBlocked':
      return (
        <Notice
          intent="warning"
          actions={
            <>
              <Link href={state.started.startUrl} target="_blank">
                {words('consent.openHere')}
              </Link>
              {retry}
            </>
          }
        >
          {words('consent.popupBlocked')}
        </Notice>
      );
    case 'refused':
      return (
        <Notice intent="error" title={words('consent.refused')} actions={retry}>
          {words(`refused.${state.reason}`)}
        </Notice>
      );
    case 'failed':
      return (
        <Notice intent="error" actions={retry}>
          {textOf(state.error)}
        </Notice>
      );
  }
}
