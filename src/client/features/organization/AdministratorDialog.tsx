/**
 * The admin's one dialog: confirmation, categories and levels, rules, permissions, then Microsoft; or at
 * once, where Microsoft has granted that much already; or a link, for someone who may grant.
 */
import { Button, Checkbox, makeStyles, Text, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import { type ConsentAsk, useChangeOrganization } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { findPermission, missingScopes, scopesForSelection, SERVICE_ROLES } from '../../../domain/permissions.ts';
import type { Selection } from '../../../domain/selection.ts';
import { byCategory } from '../../../domain/categories/categories.ts';
import type { Host } from '../../hosts/host.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { ConsentStep } from '../../ui/ConsentStep.tsx';
import { FormDialog } from '../../ui/FormDialog.tsx';
import { HandOff } from '../../ui/HandOff.tsx';
import { levelOf } from '../../ui/LevelChoice.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';
import { RecipientStrip } from '../../ui/Recipient.tsx';
import { isSubmitted, useConsent } from '../../ui/useConsent.ts';
import { useEnd } from '../../ui/useEnd.ts';
import { CategoryChoices, type Choices, choicesOf, FIRST_CHOICES } from './CategoryChoices.tsx';
import { ImpactPreview } from './ImpactPreview.tsx';
import { draftOfRules, readRules, type RulesDraft } from './rulesDraft.ts';
import { RulesFields } from './RulesFields.tsx';

export type GrantKind = 'organization' | 'service' | 'permit';

export interface AdministratorDialogProps {
  readonly isOpen: boolean;
  readonly host: Host;
  readonly kind: GrantKind;
  readonly organization: OrganizationDocument;
  readonly onClose: () => void;
}

interface Draft {
  readonly isConfirmed: boolean;
  readonly choices: Choices;
  readonly rules: RulesDraft;
}

const useStyles = makeStyles({
  group: { display: 'block', marginBlockStart: tokens.spacingVerticalS },
  quiet: { color: tokens.colorNeutralForeground2 },
  rules: { display: 'block' },
  summary: { cursor: 'pointer', width: 'fit-content' },
  fields: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    marginBlockStart: tokens.spacingVerticalS,
  },
});

export function AdministratorDialog({ isOpen, host, kind, organization, onClose }: AdministratorDialogProps) {
  const words = useWords();
  const textOf = useErrorText();
  const [draft, setDraft] = useState<Draft>(() => draftOf(organization));
  // The fields are those of this version; someone else's change since is a conflict, not to be overwritten.
  const [version] = useState(organization.version);
  const selection = selectionOf(kind, draft);
  const isGranted = isGrantedAlready(organization, kind, selection);
  const consent = useConsent(host, isOpen && !isGranted ? askOf(kind, draft) : null);
  const change = useChangeOrganization();
  useEnd(consent.state.kind === 'done', onClose);
  const { relevance, isValid } = readRules(draft.rules);
  const apply = () => {
    const settings = { selection, relevance };
    change.mutate({ version, change: settings }, { onSuccess: onClose });
  };
  const isUnderWay = isSubmitted(consent.state);
  const mayHandOff = !isUnderWay || ['closed', 'popupBlocked', 'refused'].includes(consent.state.kind);
  const isReady = askOf(kind, draft) !== null && consent.state.kind === 'ready';
  const action = isGranted ? (
    <Button appearance="primary" disabled={change.isPending || !isValid} onClick={apply}>
      {words('admin.apply')}
    </Button>
  ) : (
    <Button appearance="primary" disabled={!isReady} onClick={consent.open}>
      {words('on.continue')}
    </Button>
  );
  return (
    <FormDialog
      isOpen={isOpen}
      title={words(`admin.title.${kind}`)}
      onClose={onClose}
      {...(isUnderWay ? { closeLabel: words('app.close') } : {})}
      action={isUnderWay ? null : action}
    >
      {isUnderWay ? null : <RecipientStrip says="recipient.willReceiveForAll" />}
      {isUnderWay ? null : (
        <Form kind={kind} draft={draft} isGranted={isGranted} organization={organization} onChange={setDraft} />
      )}
      {isUnderWay || kind === 'permit' || !isOpen ? null : <ImpactPreview request={{ mode: kind, selection }} />}
      <ConsentStep consent={consent} />
      {mayHandOff && !isGranted && consent.id !== null ? (
        <Notice intent="info" actions={<HandOff consentType="organization" consentId={consent.id} />}>
          {words('admin.handOff')}
        </Notice>
      ) : null}
      {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
    </FormDialog>
  );
}

interface FormProps {
  readonly kind: GrantKind;
  readonly draft: Draft;
  readonly isGranted: boolean;
  readonly organization: OrganizationDocument;
  readonly onChange: (draft: Draft) => void;
}

function Form({ kind, draft, isGranted, organization, onChange }: FormProps) {
  const words = useWords();
  const styles = useStyles();
  return (
    <>
      <Text className={styles.quiet}>{words(`admin.text.${kind}`, { covered: organization.members.covered })}</Text>
      {isGranted ? null : (
        <Checkbox
          name="confirm"
          label={words('admin.confirm')}
          checked={draft.isConfirmed}
          onChange={(_event, { checked }) => {
            onChange({ ...draft, isConfirmed: checked === true });
          }}
        />
      )}
      <CategoryChoices
        isService={kind === 'service'}
        choices={draft.choices}
        onChange={(choices) => {
          onChange({ ...draft, choices });
        }}
      />
      {kind === 'permit' ? null : (
        <details className={styles.rules}>
          <summary className={styles.summary}>{words('admin.rules')}</summary>
          <div className={styles.fields}>
            <RulesFields
              draft={draft.rules}
              onChange={(rules) => {
                onChange({ ...draft, rules });
              }}
            />
          </div>
        </details>
      )}
      <Permissions kind={kind} isGranted={isGranted} selection={selectionOf(kind, draft)} />
    </>
  );
}

interface PermissionsProps {
  readonly kind: GrantKind;
  readonly isGranted: boolean;
  readonly selection: Selection;
}

function Permissions({ kind, isGranted, selection }: PermissionsProps) {
  const words = useWords();
  const styles = useStyles();
  const type = kind === 'service' ? 'application' : 'delegated';
  const scopes = scopesForSelection(selection);
  const asked = kind === 'service' ? SERVICE_ROLES : [...scopes, 'User.Read', 'offline_access'];
  const withAccess = (access: 'readOnly' | 'readWrite') =>
    asked.filter((scope) => findPermission(scope, type)?.access === access);
  if (scopes.length === 0) {
    return <Text>{words('admin.nothing')}</Text>;
  }
  if (isGranted) {
    return <Text>{words('on.asksNothing')}</Text>;
  }
  const writing = withAccess('readWrite');
  return (
    <div>
      <Text weight="semibold">{words('admin.permissions')}</Text>
      <Text className={styles.group} weight="semibold" size={200}>
        {words('admin.readOnly')}
      </Text>
      <PermissionList reader="administrator" type={type} scopes={withAccess('readOnly')} />
      {writing.length === 0 ? null : (
        <>
          <Text className={styles.group} weight="semibold" size={200}>
            {words('admin.readWrite')}
          </Text>
          <PermissionList reader="administrator" type={type} scopes={writing} />
        </>
      )}
      <Text size={200} className={styles.quiet}>
        {words(kind === 'service' ? 'admin.serviceNote' : 'admin.note')}
      </Text>
    </div>
  );
}

function draftOf({ selection, relevance, mode }: OrganizationDocument): Draft {
  const isFirst = mode === 'individual' && scopesForSelection(selection).length === 0;
  return {
    isConfirmed: false,
    choices: isFirst ? FIRST_CHOICES : choicesOf(selection),
    rules: draftOfRules(relevance),
  };
}

function selectionOf(kind: GrantKind, { choices }: Draft): Selection {
  const { shared } = choices;
  // What is shared with a person is shared with no application.
  return byCategory((category) =>
    levelOf(category, choices[category], shared.includes(category) && kind !== 'service'),
  );
}

/** Whether the change asks Microsoft for nothing: in the same mode, within what is granted and still there. */
function isGrantedAlready({ mode, grant }: OrganizationDocument, kind: GrantKind, selection: Selection): boolean {
  const scopes = scopesForSelection(selection);
  const isHeld = grant !== null && grant.missing.length === 0;
  return (
    kind === 'organization' && mode === 'organization' && isHeld && missingScopes(grant.scopes, scopes).length === 0
  );
}

/** What can be asked, or `null` while the form is not complete. */
function askOf(kind: GrantKind, draft: Draft): ConsentAsk | null {
  const selection = selectionOf(kind, draft);
  const { relevance, isValid } = readRules(draft.rules);
  if (!draft.isConfirmed || !isValid || scopesForSelection(selection).length === 0) {
    return null;
  }
  const mode = kind === 'permit' ? ('individual' as const) : kind;
  const rules = kind === 'permit' ? {} : { relevance };
  return { consentType: 'organization', mode, selection, ...rules, confirmAdministrator: true };
}
