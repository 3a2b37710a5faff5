/** The screens behind the sign-in: which one is shown, and what all of them need. */
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { type Api, ApiError } from '../api/client.ts';
import { ApiContext, makeQueryClient, useLiveUpdates, useOrganization, useSession, useSync } from '../api/queries.ts';
import { MySync } from '../features/mySync/MySync.tsx';
import { OpenMessage } from '../features/openMessage/OpenMessage.tsx';
import type { Host } from '../hosts/host.ts';
import { ScreenTextProvider } from '../text/ScreenTextProvider.tsx';
import { useWords } from '../text/TextProvider.tsx';
import { LoadError } from '../ui/LoadError.tsx';
import { StepUpNotice } from './StepUpNotice.tsx';
import { Notice } from '../ui/Notice.tsx';
import { PageSkeleton } from '../ui/PageSkeleton.tsx';
import { type Refusal } from '../../domain/refusals.ts';

/** Only admins open it often, and it is as large as everything else together. */
const Organization = lazy(() =>
  import('../features/organization/Organization.tsx').then((module) => ({ default: module.Organization })),
);

export interface ScreensProps {
  readonly host: Host;
  readonly api: Api;
  readonly path: string;
}

export function Screens({ host, api, path }: ScreensProps) {
  const queries = useMemo(makeQueryClient, []);
  return (
    <QueryClientProvider client={queries}>
      <ApiContext.Provider value={api}>
        <ScreenTextProvider>
          <Onboarded host={host} path={path} />
        </ScreenTextProvider>
      </ApiContext.Provider>
    </QueryClientProvider>
  );
}

function Onboarded({ host, path }: Pick<ScreensProps, 'host' | 'path'>) {
  const session = useSession();
  // Asked beside the session, so that a person who is known waits for one answer and not for three in a row.
  useSync();
  useOrganization();
  useLiveUpdates(session.isSuccess);
  if (session.isPending) {
    return <PageSkeleton />;
  }
  if (session.isError) {
    const retry = () => void session.refetch();
    const claims = session.error instanceof ApiError ? session.error.claims : null;
    return claims === null ? (
      <LoadError error={session.error} onRetry={retry} />
    ) : (
      <StepUpNotice claims={claims} onTaken={retry} />
    );
  }
  const { connection, member } = session.data;
  return (
    <>
      <MailboxOfAnother account={member.account} mailbox={host.mailboxAddress} />
      {connection.state === 'refused' ? <Refused reason={connection.reason} /> : null}
      {host.items === null ? null : <OpenMessage items={host.items} />}
      {path === '/tab/organization' ? (
        <Suspense fallback={<PageSkeleton />}>
          <Organization host={host} />
        </Suspense>
      ) : (
        <MySync host={host} session={session.data} />
      )}
    </>
  );
}

interface MailboxOfAnotherProps {
  readonly account: string | null;
  readonly mailbox: string | null;
}

/** Stated without a verdict: in many organizations people sign in with a name that is not their mailbox's address. */
function MailboxOfAnother({ account, mailbox }: MailboxOfAnotherProps) {
  const words = useWords();
  return account === null || mailbox === null || account.toLowerCase() === mailbox.toLowerCase() ? null : (
    <Notice intent="info">{words('account.differs', { account, mailbox })}</Notice>
  );
}

function Refused({ reason }: { readonly reason: Refusal }) {
  const words = useWords();
  return (
    <Notice intent="warning" title={words('refused.title')}>
      {words(`refused.${reason}`)}
    </Notice>
  );
}
