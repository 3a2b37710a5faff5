/** What is shown while nobody is signed in: on the way, outside of a host, blocked, or failed. */
import { Button, Link, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { Host } from '../hosts/host.ts';
import { useWords } from '../text/Words.tsx';

export interface SignInStateProps {
  readonly state: 'asking' | 'outside' | 'blocked' | 'unavailable';
  readonly host: Host | null;
  readonly onRetry: () => void;
}

const useStyles = makeStyles({
  box: {
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: tokens.spacingVerticalM,
    paddingBlock: tokens.spacingVerticalXXL,
    maxWidth: '52ch',
  },
  row: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  title: { margin: 0 },
});

export function SignInState({ state, host, onRetry }: SignInStateProps) {
  const words = useWords();
  switch (state) {
    case 'asking':
      return <Asking />;
    case 'outside':
      return <Notice title={words('outside.title')} text={words('outside.text')} />;
    case 'blocked':
      return <Blocked onRetry={onRetry} />;
    case 'unavailable': {
      const name = host?.kind === 'outlook' ? 'Outlook' : 'Teams';
      return (
        <Notice title={words('unavailable.title')} text={words('unavailable.text', { host: name })}>
          <Button appearance="primary" onClick={onRetry}>
            {words('app.retry')}
          </Button>
        </Notice>
      );
    }
  }
}

function Asking() {
  const words = useWords();
  const styles = useStyles();
  return (
    <div className={styles.box}>
      <Spinner size="small" label={words('start.signingIn')} />
    </div>
  );
}

function Blocked({ onRetry }: { readonly onRetry: () => void }) {
  const words = useWords();
  const styles = useStyles();
  const [isCopied, setIsCopied] = useState(false);
  const url = new URL('/connect', location.href).href;
  const copy = () => {
    void navigator.clipboard.writeText(url).then(() => {
      setIsCopied(true);
    });
  };
  return (
    <Notice title={words('blocked.title')} text={words('blocked.text')}>
      <Link href={url} target="_blank" rel="noopener">
        {words('blocked.link')}
      </Link>
      <div className={styles.row}>
        <Button onClick={copy}>{words(isCopied ? 'blocked.copied' : 'blocked.copy')}</Button>
        <Button onClick={onRetry}>{words('app.retry')}</Button>
      </div>
    </Notice>
  );
}

interface NoticeProps {
  readonly title: string;
  readonly text: string;
  readonly children?: React.ReactNode;
}

function Notice({ title, text, children }: NoticeProps) {
  const styles = useStyles();
  return (
    <div className={styles.box} role="status">
      <Text as="h1" size={500} weight="semibold" className={styles.title}>
        {title}
      </Text>
      <Text>{text}</Text>
      {children}
    </div>
  );
}
