/** Hands a request to an admin: a link, copied with one click, revoked with another. */
import { Button, Field, Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { CopyRegular, LinkRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { type LinkOf, useMakeLink, useRevokeLink } from '../api/queries.ts';
import { useTimes, useWords } from '../text/TextProvider.tsx';
import { useErrorText } from './LoadError.tsx';
import { Notice } from './Notice.tsx';

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalS, alignItems: 'flex-start' },
  field: { width: '100%' },
  row: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export interface HandOffProps {
  readonly consentType: LinkOf['consentType'];
  /** What the link copies; without it there is nothing to hand on yet. */
  readonly consentId: string | null;
}

export function HandOff({ consentType, consentId }: HandOffProps) {
  const words = useWords();
  const styles = useStyles();
  const textOf = useErrorText();
  const make = useMakeLink();
  const revoke = useRevokeLink();
  const [isRevoked, setIsRevoked] = useState(false);
  // What was made stays the link of what it was made from, also when the request beside it changes.
  const madeOf = make.data === undefined ? null : (make.variables ?? null);
  const start = () => {
    if (consentId !== null) {
      setIsRevoked(false);
      make.mutate({ consentType, consentId });
    }
  };
  const revokeLink = () => {
    if (madeOf !== null) {
      revoke.mutate(madeOf, {
        onSuccess: () => {
          setIsRevoked(true);
          make.reset();
        },
      });
    }
  };
  return (
    <div className={styles.box}>
      {make.data === undefined ? (
        <Button icon={<LinkRegular />} disabled={consentId === null || make.isPending} onClick={start}>
          {words('link.make')}
        </Button>
      ) : (
        <MadeLink url={make.data.url} expiresAt={make.data.expiresAt} isBusy={revoke.isPending} onRevoke={revokeLink} />
      )}
      {isRevoked ? <Text className={styles.quiet}>{words('link.revoked')}</Text> : null}
      {make.isError ? <Notice intent="error">{textOf(make.error)}</Notice> : null}
      {revoke.isError ? <Notice intent="error">{textOf(revoke.error)}</Notice> : null}
    </div>
  );
}

interface MadeLinkProps {
  readonly url: string;
  readonly expiresAt: string;
  readonly isBusy: boolean;
  readonly onRevoke: () => void;
}

function MadeLink({ url, expiresAt, isBusy, onRevoke }: MadeLinkProps) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  const [isCopied, setIsCopied] = useState(false);
  const copy = () => {
    // Where the clipboard is closed to the frame, the field is there to copy from.
    navigator.clipboard.writeText(url).then(
      () => {
        setIsCopied(true);
      },
      () => {
        setIsCopied(false);
      },
    );
  };
  return (
    <>
      <Field
        className={styles.field}
        label={words('link.label')}
        hint={words('link.hint', { date: times.date(expiresAt) })}
      >
        <Input
          readOnly
          value={url}
          onFocus={({ target }) => {
            target.select();
          }}
        />
      </Field>
      <div className={styles.row}>
        <Button icon={<CopyRegular />} appearance="primary" onClick={copy}>
          {words(isCopied ? 'blocked.copied' : 'blocked.copy')}
        </Button>
        <Button disabled={isBusy} onClick={onRevoke}>
          {words('link.revoke')}
        </Button>
      </div>
    </>
  );
}
