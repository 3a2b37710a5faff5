/** The connection is lost: one click asks Microsoft again for what was chosen; nothing stored is touched. */
import { Button } from '@fluentui/react-components';
import type { Sync } from '../../../contract/api/sync.ts';
import { scopesForSelection } from '../../../domain/permissions.ts';
import type { Host } from '../../hosts/host.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { ConsentStep } from '../../ui/ConsentStep.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useConsent } from '../../ui/useConsent.ts';

export function Reconnect({ host, sync }: { readonly host: Host; readonly sync: Sync }) {
  const words = useWords();
  const canAsk = sync.mode === 'individual' && scopesForSelection(sync.preference).length > 0;
  const consent = useConsent(host, canAsk ? { consentType: 'me', selection: sync.preference } : null);
  const reload = () => {
    location.reload();
  };
  return (
    <>
      <Notice
        intent="warning"
        actions={
          <Button
            appearance="primary"
            disabled={canAsk && consent.state.kind !== 'ready'}
            onClick={canAsk ? consent.open : reload}
          >
            {words('me.reconnect')}
          </Button>
        }
      >
        {words('me.reconnectText')}
      </Notice>
      {canAsk ? <ConsentStep consent={consent} /> : null}
    </>
  );
}
