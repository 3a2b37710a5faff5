/** One category: its level, what that means, its state, and the switch. */
import { Badge, Button, Link, makeStyles, Switch, Text, tokens } from '@fluentui/react-components';
import {
  CalendarLtrRegular,
  DocumentRegular,
  LockClosedRegular,
  MailRegular,
  PeopleRegular,
  TaskListSquareLtrRegular,
} from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useChangeSync } from '../../api/queries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import type { Sync } from '../../../contract/api/sync.ts';
import { excessScopes, scopesForLevel } from '../../../domain/permissions.ts';
import { type Category, definitionOf } from '../../../domain/categories/categories.ts';
import { useTimes, useWords, type WordId } from '../../text/TextProvider.tsx';
import { useRecipient } from '../../ui/Recipient.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';
import { MY_APPS } from './myApps.ts';
import { ProgressLine } from './ProgressLine.tsx';
import { SetAside } from './SetAside.tsx';
import { categoryId, levelId, meaningId, sharedMeaningId } from '../../text/categoryIds.ts';

export interface CategoryRowProps {
  readonly category: Category;
  readonly sync: Sync;
  readonly organization: OrganizationDocument | undefined;
  readonly onTurnOn: () => void;
  readonly onTurnOff: () => void;
  readonly onPause: () => void;
}

type Decision = NonNullable<Sync['decisions'][Category]>;

const ICONS: Readonly<Record<Category, ReactNode>> = {
  mail: <MailRegular fontSize={20} />,
  calendar: <CalendarLtrRegular fontSize={20} />,
  contacts: <PeopleRegular fontSize={20} />,
  tasks: <TaskListSquareLtrRegular fontSize={20} />,
  files: <DocumentRegular fontSize={20} />,
};

const useStyles = makeStyles({
  line: { display: 'block' },
  state: { display: 'block', color: tokens.colorNeutralForeground2, marginBlockStart: tokens.spacingVerticalXS },
  aside: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, flexShrink: 0 },
  details: { marginBlockStart: tokens.spacingVerticalS },
  summary: { cursor: 'pointer', color: tokens.colorNeutralForeground2, width: 'fit-content' },
  button: { marginBlockStart: tokens.spacingVerticalS },
  buttons: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    '&:not(:empty)': { marginBlockStart: tokens.spacingVerticalS },
  },
});

export function CategoryRow({ category, sync, organization, onTurnOn, onTurnOff, onPause }: CategoryRowProps) {
  const words = useWords();
  const styles = useStyles();
  const decision = sync.decisions[category];
  if (decision === undefined) {
    return null;
  }
  const progress = sync.streams.find((stream) => stream.category === category);
  const scopes = scopesForLevel(category, decision.effective);
  const shared = decision.effective.shared ? sharedMeaningId(category) : null;
  return (
    <Panel
      title={words(categoryId(category))}
      icon={ICONS[category]}
      aside={<Control category={category} decision={decision} sync={sync} onTurnOn={onTurnOn} onTurnOff={onTurnOff} />}
    >
      <Text className={styles.line}>
        {words(meaningOf(category, decision))} {shared === null ? '' : words(shared)}
      </Text>
      <Text className={styles.state}>
        <StateText decision={decision} organization={organization} />
      </Text>
      <BlockedLine category={category} decision={decision} sync={sync} onAsk={onTurnOn} />
      {progress === undefined ? null : <ProgressLine progress={progress} />}
      {progress === undefined || progress.setAside === 0 ? null : <SetAside progress={progress} />}
      {decision.notes.includes('overConsented') && sync.mode === 'individual' ? (
        <Unused scopes={excessScopes(category, decision.effective, sync.granted)} />
      ) : null}
      {scopes.length === 0 ? null : (
        <details className={styles.details}>
          <summary className={styles.summary}>{words('me.permissions')}</summary>
          <PermissionList scopes={scopes} />
        </details>
      )}
      <div className={styles.buttons}>
        {decision.action === 'consent' ? (
          <Button size="small" appearance="primary" onClick={onTurnOn}>
            {words(decision.reason === 'consentRevoked' ? 'me.grantAgain' : 'me.grant')}
          </Button>
        ) : null}
        {hasChoice(category) && canChangeLevel(decision) ? (
          <Button size="small" onClick={onTurnOn}>
            {words('me.change')}
          </Button>
        ) : null}
        <PauseButton category={category} decision={decision} onPause={onPause} />
      </div>
    </Panel>
  );
}

/** What Microsoft has on record and nothing here uses, and where a person takes it back. */
function Unused({ scopes }: { readonly scopes: readonly string[] }) {
  const words = useWords();
  const styles = useStyles();
  return (
    <Text className={styles.state}>
      {words('note.overConsented', { scopes: scopes.join(', ') })}{' '}
      <Link href={MY_APPS} target="_blank" rel="noopener">
        {words('note.takeBack')}
      </Link>
    </Text>
  );
}

/** Pauses what is on by the member's own choice, and continues with what is paused. */
function PauseButton({
  category,
  decision,
  onPause,
}: Pick<CategoryRowProps, 'category' | 'onPause'> & { readonly decision: Decision }) {
  const words = useWords();
  const textOf = useErrorText();
  const change = useChangeSync();
  const name = words(categoryId(category));
  if (decision.reason === 'paused') {
    return (
      <>
        <Button
          size="small"
          aria-label={words('pause.goOnWith', { category: name })}
          disabled={change.isPending}
          onClick={() => {
            change.mutate({ pause: { [category]: null } });
          }}
        >
          {words('pause.goOn')}
        </Button>
        {change.isError ? <Notice intent="error">{textOf(change.error)}</Notice> : null}
      </>
    );
  }
  return decision.control === 'member' && decision.effective.sync !== 'off' ? (
    <Button size="small" aria-label={words('pause.title', { category: name })} onClick={onPause}>
      {words('pause.begin')}
    </Button>
  ) : null;
}

/** Said before the click: in this organization only an admin can grant it. */
function BlockedLine({
  category,
  decision,
  sync,
  onAsk,
}: Pick<CategoryRowProps, 'category' | 'sync'> & { readonly decision: Decision; readonly onAsk: () => void }) {
  const words = useWords();
  const styles = useStyles();
  const offer = sync.offers[category]?.full;
  const isOff = decision.reason === 'offByOwnChoice' || decision.reason === 'consentNeedsAdministrator';
  if (sync.mode !== 'individual' || !isOff || offer?.mayConsent !== 'no') {
    return null;
  }
  return (
    <>
      <Text className={styles.state}>
        {words(offer.source === 'likely' ? 'offer.probablyBlocked' : 'offer.blocked')}
      </Text>
      <Button size="small" className={styles.button} onClick={onAsk}>
        {words('offer.ask')}
      </Button>
    </>
  );
}

interface ControlProps extends Omit<CategoryRowProps, 'organization' | 'onPause'> {
  readonly decision: Decision;
}

/** A switch for the person who decides; for everyone else the decision, with a lock. */
function Control({ category, decision, sync, onTurnOn, onTurnOff }: ControlProps) {
  const words = useWords();
  const styles = useStyles();
  const isOn = decision.effective.sync !== 'off';
  const level = words(levelOf(category, decision));
  if (sync.mode !== 'individual' || decision.control !== 'member') {
    const isWanted = sync.mode === 'individual' && sync.preference[category].sync !== 'off';
    return isWanted ? (
      <span className={styles.aside}>
        <PausedBadge decision={decision} />
        <Switch
          checked
          aria-label={words('me.toggle', { category: words(categoryId(category)) })}
          onChange={onTurnOff}
        />
      </span>
    ) : (
      <span className={styles.aside}>
        <Badge appearance="outline" color={isOn ? 'success' : 'informative'}>
          {level}
        </Badge>
        <LockClosedRegular fontSize={20} role="img" aria-label={words('me.locked')} />
      </span>
    );
  }
  // What Microsoft has to be asked for is off, whatever was chosen once.
  const isChosen = isOn || (sync.preference[category].sync !== 'off' && decision.action !== 'consent');
  return (
    <span className={styles.aside}>
      {isOn ? (
        <Badge appearance="tint" color="success">
          {level}
        </Badge>
      ) : null}
      <PausedBadge decision={decision} />
      <Switch
        checked={isChosen && decision.reason !== 'erasing'}
        disabled={decision.reason === 'erasing'}
        aria-label={words('me.toggle', { category: words(categoryId(category)) })}
        onChange={isChosen ? onTurnOff : onTurnOn}
      />
    </span>
  );
}

function PausedBadge({ decision }: { readonly decision: Decision }) {
  const words = useWords();
  return decision.until === undefined ? null : (
    <Badge appearance="tint" color="warning">
      {words('pause.badge')}
    </Badge>
  );
}

function StateText({
  decision,
  organization,
}: Pick<CategoryRowProps, 'organization'> & { readonly decision: Decision }) {
  const words = useWords();
  const times = useTimes();
  const { name: recipient } = useRecipient();
  const { until = null } = decision;
  const names = (organization?.people ?? []).flatMap(({ name }) => name ?? []);
  const askAdministrator =
    names.length > 0 ? words('me.askAdministrator', { names: names.join(', ') }) : words('me.nobodyToAsk');
  const contact =
    decision.action === 'askAdministrator'
      ? askAdministrator
      : decision.action === 'contactOperator'
        ? words('me.askRecipient', { recipient })
        : '';
  return (
    <>
      {words(`reason.${decision.reason}`, { recipient })}{' '}
      {until === null ? '' : words('pause.until', { when: times.date(until) })} {contact}
    </>
  );
}

function hasChoice(category: Category): boolean {
  return definitionOf(category).levels.length > 1 || definitionOf(category).sharing !== null;
}

function canChangeLevel({ control, reason }: Decision): boolean {
  return control === 'member' && reason === 'onByOwnChoice';
}

function levelOf(category: Category, { effective }: Decision): WordId {
  return levelId(category, effective.sync);
}

function meaningOf(category: Category, { effective }: Decision): WordId {
  return meaningId(category, effective.sync);
}
