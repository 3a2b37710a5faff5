/** What is shown while no one is signed in: on the way, outside of a host, blocked, or failed. */
import { Button, Link, makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { HostState } from '../hosts/awaitHost.ts';
import type { Host } from '../hosts/host.ts';
import type { SignInFailure } from '../hosts/signInFailure.ts';
import { useWords } from '../text/TextProvider.tsx';

/** `asking`: silently; `prompting`: in a window of the host, for as long as the person needs. */
export type SignInProgress =
  Exclude<HostState, Host> | { readonly kind: 'asking' | 'prompting' | 'token' } | SignInFailure;

export interface SignInStateProps {
  readonly state: SignInProgress;
  readonly host: 'Teams' | 'Outlook';
  /** Called from a click, so that the host may open windows. */
  readonly onSignIn: () => void;
  readonly onStartOver: () => void;
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
  quiet: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere' },
  address: { overflowWrap: 'anywhere', userSelect: 'all' },
});

export function SignInState({ state, host: name, onSignIn, onStartOver }: SignInStateProps) {
  const words = useWords();
  switch (state.kind) {
    case 'asking':
    case 'token':
      return <Waiting text={words('start.signingIn')} />;
    case 'prompting':
      return (
        <Waiting text={words('start.prompting', { host: name })}>
          <Button onClick={onStartOver}>{words('start.over')}</Button>
        </Waiting>
      );
    case 'opening':
      return (
        <Notice
          title={words('opening.title', { host: name })}
          text={words(name === 'Outlook' ? 'opening.outlook' : 'opening.teams')}
        />
      );
    case 'overdue':
      return (
        <Notice title={words('overdue.title', { host: name })} text={words('overdue.text', { host: name })}>
          <Button onClick={onStartOver}>{words('app.retry')}</Button>
        </Notice>
      );
    case 'notLoaded':
    case 'broken':
      return (
        <Notice title={words('broken.title')} text={words(`broken.${state.kind}`, { host: name })}>
          <Button appearance="primary" onClick={onStartOver}>
            {words('app.retry')}
          </Button>
          <Reference failure={{ code: state.kind === 'broken' ? state.code : state.kind }} />
        </Notice>
      );
    case 'none':
      return <Notice title={words('outside.title')} text={words('outside.text')} />;
    case 'blocked':
      return (
        <Notice title={words('blocked.title')} text={words(`signIn.${state.cause}`, { host: name })}>
          <ForAdministrators>
            <Button onClick={onSignIn}>{words('app.retry')}</Button>
          </ForAdministrators>
          <Reference failure={state} />
        </Notice>
      );
    case 'interaction':
    case 'unavailable':
      return (
        <Notice
          title={words(state.kind === 'interaction' ? 'interaction.title' : 'unavailable.title')}
          text={words(`signIn.${state.cause}`, { host: name })}
        >
          <Button appearance="primary" onClick={onSignIn}>
            {words(state.kind === 'interaction' ? 'interaction.signIn' : 'app.retry')}
          </Button>
          {state.cause === 'notPreauthorized' ? <ForAdministrators /> : null}
          <Reference failure={state} />
        </Notice>
      );
  }
}

/** What a support desk asks for. */
function Reference({ failure }: { readonly failure: Pick<SignInFailure, 'code' | 'requestId'> }) {
  const words = useWords();
  const styles = useStyles();
  return (
    <Text size={200} className={styles.quiet}>
      {failure.requestId === undefined
        ? words('signIn.code', { code: failure.code })
        : words('signIn.codeAndRequest', { code: failure.code, request: failure.requestId })}
    </Text>
  );
}

function Waiting({ text, children }: { readonly text: string; readonly children?: React.ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.box}>
      <Spinner size="small" label={text} />
      {children}
    </div>
  );
}

function ForAdministrators({ children }: { readonly children?: React.ReactNode }) {
  const words = useWords();
  const styles = useStyles();
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  const url = new URL('/connect', location.href).href;
  const copy = () => {
    navigator.clipboard.writeText(url).then(
      () => {
        setCopied('yes');
      },
      () => {
        setCopied('refused');
      },
    );
  };
  return (
    <>
      <Link href={url} target="_blank" rel="noopener">
        {words('blocked.link')}
      </Link>
      {/* Some hosts let no page write to the clipboard: then the address is there to be selected. */}
      {copied === 'refused' ? <Text className={styles.address}>{url}</Text> : null}
      <div className={styles.row}>
        <Button onClick={copy}>{words(copied === 'yes' ? 'blocked.copied' : 'blocked.copy')}</Button>
        {children}
      </div>
    </>
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
