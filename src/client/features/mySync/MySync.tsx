/** My sync: who decides, one row a category, and what was synced last. */
import { useState } from 'react';
import { useOrganization, useSync } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import type { Session } from '../../../contract/api/session.ts';
import type { Sync } from '../../../contract/api/sync.ts';
import { CATEGORIES, type Category } from '../../../domain/categories/categories.ts';
import type { Host } from '../../hosts/host.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { LoadError } from '../../ui/LoadError.tsx';
import { PageSkeleton } from '../../ui/PageSkeleton.tsx';
import { useDialog } from '../../ui/useDialog.ts';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { RecipientStrip } from '../../ui/Recipient.tsx';
import { Activity } from './Activity.tsx';
import { CategoryRow } from './CategoryRow.tsx';
import { Disconnect } from './Disconnect.tsx';
import { Kept } from './Kept.tsx';
import { ExclusionsPanel } from './ExclusionsPanel.tsx';
import { PauseDialog } from './PauseDialog.tsx';
import { PromptNotice } from './PromptNotice.tsx';
import { ReceiptNotice } from './ReceiptNotice.tsx';
import { Reconnect } from './Reconnect.tsx';
import { SharedMailboxes } from './SharedMailboxes.tsx';
import { TurnOffDialog } from './TurnOffDialog.tsx';
import { TurnOnDialog } from './TurnOnDialog.tsx';

interface Opened {
  readonly category: Category;
  readonly what: 'on' | 'off' | 'pause';
}

export function MySync({ host, session }: { readonly host: Host; readonly session: Session }) {
  const words = useWords();
  const sync = useSync();
  const organization = useOrganization();
  const { opened, isOpen, opening, open, close } = useDialog<Opened>();
  const [receipts, setReceipts] = useState<readonly string[]>([]);
  if (sync.isPending) {
    return <PageSkeleton />;
  }
  if (sync.isError) {
    return <LoadError error={sync.error} onRetry={() => void sync.refetch()} />;
  }
  return (
    <>
      <PageTitle title={words('me.title')}>
        <ModeLine sync={sync.data} session={session} organization={organization.data} />
      </PageTitle>
      <RecipientStrip says="recipient.receives" isAlone />
      {sync.data.connection === 'lost' ? <Reconnect host={host} sync={sync.data} /> : null}
      {sync.data.prompt ? <PromptNotice /> : null}
      {receipts.map((id) => (
        <ReceiptNotice key={id} id={id} />
      ))}
      {CATEGORIES.map((category) => (
        <CategoryRow
          key={category}
          category={category}
          sync={sync.data}
          organization={organization.data}
          onTurnOn={() => {
            open({ category, what: 'on' });
          }}
          onTurnOff={() => {
            open({ category, what: 'off' });
          }}
          onPause={() => {
            open({ category, what: 'pause' });
          }}
        />
      ))}
      <SharedMailboxes sync={sync.data} />
      {sync.data.decisions.mail?.reason === 'guestHasNoMailbox' ? null : <ExclusionsPanel />}
      <Kept />
      <Activity />
      {sync.data.mode === 'individual' ? (
        <Disconnect
          isConnected={sync.data.connection !== 'none'}
          onErased={(ids) => {
            setReceipts([...ids, ...receipts]);
          }}
        />
      ) : null}
      {opened?.what === 'on' ? (
        <TurnOnDialog
          key={opening}
          isOpen={isOpen}
          host={host}
          category={opened.category}
          sync={sync.data}
          onClose={close}
        />
      ) : null}
      {opened?.what === 'pause' ? (
        <PauseDialog key={opening} isOpen={isOpen} category={opened.category} onClose={close} />
      ) : null}
      {opened?.what === 'off' ? (
        <TurnOffDialog
          key={opening}
          isOpen={isOpen}
          category={opened.category}
          onClose={close}
          onErased={(ids) => {
            setReceipts([...ids, ...receipts]);
          }}
        />
      ) : null}
    </>
  );
}

interface ModeLineProps {
  readonly sync: Sync;
  readonly session: Session;
  readonly organization: OrganizationDocument | undefined;
}

function ModeLine({ sync, session, organization }: ModeLineProps) {
  const words = useWords();
  const times = useTimes();
  const name = organization?.name ?? session.organization.name ?? '';
  const grant = organization?.grant ?? null;
  const by =
    sync.mode === 'service' && organization?.service !== null && organization?.service !== undefined
      ? words('me.mode.by', {
          name: organization.service.grantedBy ?? words('app.unnamed'),
          date: times.date(organization.service.grantedAt),
        })
      : sync.mode === 'organization' && grant !== null
        ? words('me.mode.by', { name: grant.grantedBy ?? words('app.unnamed'), date: times.date(grant.grantedAt) })
        : '';
  return (
    <>
      {words(`me.mode.${sync.mode}`, { organization: name })} {by}
    </>
  );
}
