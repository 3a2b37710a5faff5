/** Ending the connection: keep or erase what is stored, and what stays at Microsoft afterwards. */
import { Button, Link, makeStyles, Radio, RadioGroup, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { useDisconnect } from '../../api/queries.ts';
import type { Disconnected } from '../../../contract/api/sync.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';
import { useDialog } from '../../ui/useDialog.ts';
import { MY_APPS } from './myApps.ts';

const useStyles = makeStyles({
  row: { display: 'flex', justifyContent: 'flex-end', marginBlock: tokens.spacingVerticalM },
});

export interface DisconnectProps {
  readonly isConnected: boolean;
  readonly onErased: (receiptIds: readonly string[]) => void;
}

export function Disconnect({ isConnected, onErased }: DisconnectProps) {
  const words = useWords();
  const styles = useStyles();
  const { isOpen, opening, open, close } = useDialog<'disconnect'>();
  const [left, setLeft] = useState<Disconnected['left'] | null>(null);
  return (
    <>
      {left === null ? null : <Left scopes={left} />}
      {isConnected ? (
        <div className={styles.row}>
          <Button
            onClick={() => {
              open('disconnect');
            }}
          >
            {words('disconnect.open')}
          </Button>
        </div>
      ) : null}
      <DisconnectDialog
        key={opening}
        isOpen={isOpen}
        onClose={close}
        onDone={(done) => {
          setLeft(done.left);
          onErased(done.receipts.map(({ id }) => id));
          close();
        }}
      />
    </>
  );
}

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDone: (done: Disconnected) => void;
}

function DisconnectDialog({ isOpen, onClose, onDone }: DialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const disconnect = useDisconnect();
  const [data, setData] = useState<'keep' | 'erase'>('keep');
  return (
    <FormDialog
      isOpen={isOpen}
      title={words('disconnect.title')}
      onClose={onClose}
      action={
        <Button
          appearance="primary"
          disabled={disconnect.isPending}
          onClick={() => {
            disconnect.mutate(data, { onSuccess: onDone });
          }}
        >
          {words(data === 'erase' ? 'disconnect.confirmErase' : 'disconnect.confirm')}
        </Button>
      }
    >
      <Text id="disconnect-text">{words('disconnect.text')}</Text>
      <RadioGroup
        aria-labelledby="disconnect-text"
        value={data}
        onChange={(_event, chosen) => {
          setData(chosen.value === 'erase' ? 'erase' : 'keep');
        }}
      >
        <Radio value="keep" label={words('off.keep')} />
        <Radio value="erase" label={words('off.erase')} />
      </RadioGroup>
      <Text>{words('disconnect.stays')}</Text>
      {disconnect.isError ? <Notice intent="error">{textOf(disconnect.error)}</Notice> : null}
    </FormDialog>
  );
}

function Left({ scopes }: { readonly scopes: readonly string[] }) {
  const words = useWords();
  return (
    <Notice
      intent="info"
      title={words('disconnect.done')}
      actions={
        <Link href={MY_APPS} target="_blank" rel="noopener">
          {words('disconnect.where')}
        </Link>
      }
    >
      {words('disconnect.left')}
      <PermissionList scopes={scopes} />
    </Notice>
  );
}
