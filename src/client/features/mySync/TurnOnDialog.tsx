/** Turning a category on, or changing its level: what Microsoft will be asked, then Microsoft, or an admin. */
import { Button, Text } from '@fluentui/react-components';
import { useState } from 'react';
import { useChangeSync, useReportRefusal } from '../../api/queries.ts';
import type { Sync } from '../../../contract/api/sync.ts';
import { missingScopes, scopesForSelection } from '../../../domain/permissions.ts';
import { stillWanted } from '../../../domain/decision.ts';
import { withChanges } from '../../../domain/selection.ts';
import { OFF, sameLevel } from '../../../domain/levels.ts';
import type { Category } from '../../../domain/categories/categories.ts';
import type { Host } from '../../hosts/host.ts';
import { categoryId } from '../../text/categoryIds.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { ConsentStep } from '../../ui/ConsentStep.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { HandOff } from '../../ui/HandOff.tsx';
import { type Choice, LevelChoice, levelOf } from '../../ui/LevelChoice.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';
import { RecipientStrip } from '../../ui/Recipient.tsx';
import { SharedChoice } from '../../ui/SharedChoice.tsx';
import { isSubmitted, useConsent } from '../../ui/useConsent.ts';
import { useEnd } from '../../ui/useEnd.ts';
import { useOfferText } from './useOfferText.ts';

export interface TurnOnDialogProps {
  readonly isOpen: boolean;
  readonly host: Host;
  readonly category: Category;
  readonly sync: Sync;
  readonly onClose: () => void;
}

export function TurnOnDialog({ isOpen, host, category, sync, onClose }: TurnOnDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  // As it was when the dialog opened; a live update may bring the result before the dialog closes.
  const [preferredBefore] = useState(sync.preference[category]);
  const before = preferredBefore.sync;
  const [choice, setChoice] = useState<Choice>(before === 'off' ? 'full' : before);
  const [isShared, setIsShared] = useState(sync.preference[category].shared);
  const level = levelOf(category, choice, isShared);
  const wanted = stillWanted(sync.preference, (each) => sync.decisions[each]?.reason);
  const selection = withChanges(wanted, { [category]: level });
  const missing = missingScopes(sync.granted, scopesForSelection(selection));
  const needsConsent = missing.length > 0 || sync.connection !== 'connected';
  const consent = useConsent(host, isOpen && needsConsent ? { consentType: 'me', selection } : null);
  const isInProgress = isSubmitted(consent.state);
  const change = useChangeSync();
  const report = useReportRefusal();
  const offer = sync.offers[category]?.[choice === 'limited' ? 'limited' : 'full'];
  const isBlocked = needsConsent && offer?.mayConsent === 'no';
  // What was wanted may come by another way than this dialog: by an admin who used the link.
  const effective = sync.decisions[category]?.effective ?? OFF;
  const isThere = sameLevel(effective, level) && !sameLevel(preferredBefore, level);
  useEnd(consent.state.kind === 'done' || (isOpen && isThere), onClose);
  const apply = () => {
    change.mutate({ selection: { [category]: level } }, { onSuccess: onClose });
  };
  const name = words(categoryId(category));
  const action = needsConsent ? (
    <Button
      appearance={isBlocked ? 'secondary' : 'primary'}
      disabled={consent.state.kind !== 'ready'}
      onClick={consent.open}
    >
      {words(isBlocked ? 'on.tryAnyway' : 'on.continue')}
    </Button>
  ) : (
    <Button appearance="primary" disabled={change.isPending} onClick={apply}>
      {words(before === 'off' ? 'on.apply' : 'on.applyChange')}
    </Button>
  );
  return (
    <FormDialog
      isOpen={isOpen}
      title={words(before === 'off' ? 'on.title' : 'on.changeTitle', { category: name.toLowerCase() })}
      onClose={onClose}
      {...(isInProgress || isBlocked ? { closeLabel: words('app.close') } : {})}
      action={isInProgress ? null : action}
    >
      {isInProgress ? null : (
        <>
          <RecipientStrip says="recipient.willReceive" />
          <LevelChoice
            category={category}
            label={words('on.level')}
            choices={['full', 'limited']}
            value={choice}
            onChange={setChoice}
          />
          <SharedChoice category={category} choice={choice} isShared={isShared} onChange={setIsShared} />
          <RequestedPermissions
            scopes={needsConsent ? [...scopesForSelection(selection), 'User.Read', 'offline_access'] : []}
          />
        </>
      )}
      <ConsentStep
        consent={consent}
        onAskedForAdministrator={() => {
          report.mutate(selection, { onSuccess: consent.again });
        }}
      />
      {isBlocked && (!isInProgress || consent.state.kind === 'refused') && offer !== undefined ? (
        <Blocked offer={offer} consentId={consent.id} />
      ) : null}
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
      {report.isError ? <Notice intent="error">{textOf(report.error)}</Notice> : null}
    </FormDialog>
  );
}

interface BlockedProps {
  readonly offer: NonNullable<Sync['offers']['mail']>['full'];
  readonly consentId: string | null;
}

/** Known before the click: only an admin can grant this, and how the request gets to one. */
function Blocked({ offer, consentId }: BlockedProps) {
  const words = useWords();
  const offerText = useOfferText();
  return (
    <Notice intent="info" title={words('link.title')} actions={<HandOff consentType="me" consentId={consentId} />}>
      {offerText(offer)} {words('link.text')}
    </Notice>
  );
}

function RequestedPermissions({ scopes }: { readonly scopes: readonly string[] }) {
  const words = useWords();
  return scopes.length === 0 ? (
    <Text>{words('on.asksNothing')}</Text>
  ) : (
    <div>
      <Text weight="semibold">{words('on.asks')}</Text>
      <PermissionList scopes={scopes} />
    </div>
  );
}
