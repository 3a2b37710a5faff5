/** Everyone who is known, with filters, what holds for each, and who may change the organization. */
import {
  Badge,
  Button,
  Input,
  makeStyles,
  Menu,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  ToggleButton,
  tokens,
} from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import { useAppoint, useRoster } from '../../api/organizationQueries.ts';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import type { RosterEntry } from '../../../contract/api/people.ts';
import { PRODUCT_ROLES } from '../../../domain/roles.ts';
import { CATEGORIES } from '../../../domain/categories/categories.ts';
import { categoryId } from '../../text/categoryIds.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { LoadError, useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';

const FILTERS = ['all', 'connected', 'signIn', 'notConnected', 'notOpened'] as const;
type Filter = (typeof FILTERS)[number];

const MAX_SHOWN = 100;

const useStyles = makeStyles({
  filters: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalXS,
    marginBlock: tokens.spacingVerticalS,
  },
  search: { width: '100%' },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  person: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr) auto',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'center',
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  right: { display: 'flex', flexWrap: 'wrap', justifyContent: 'flex-end', gap: tokens.spacingHorizontalXS },
});

export function RosterPanel({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const styles = useStyles();
  const roster = useRoster(organization.version);
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  if (roster.isError) {
    return <LoadError error={roster.error} onRetry={() => void roster.refetch()} />;
  }
  const members = roster.data?.members ?? [];
  const matching = members.filter(({ name }) => (name ?? '').toLowerCase().includes(search.trim().toLowerCase()));
  const count = (of: Filter) => matching.filter(({ state }) => of === 'all' || state === of).length;
  const shown = matching.filter(({ state }) => filter === 'all' || state === filter);
  return (
    <Panel title={words('roster.title')}>
      <Text className={styles.quiet}>
        {words(roster.data?.includesEverybody === true ? 'roster.everybody' : 'roster.opened')}
      </Text>
      <div className={styles.filters} role="group" aria-label={words('roster.filter')}>
        {FILTERS.map((of) => (
          <ToggleButton
            key={of}
            size="small"
            checked={filter === of}
            onClick={() => {
              setFilter(of);
            }}
          >
            {words(`roster.state.${of}`)} {count(of)}
          </ToggleButton>
        ))}
      </div>
      <Input
        className={styles.search}
        aria-label={words('people.search')}
        placeholder={words('people.search')}
        contentBefore={<SearchRegular />}
        value={search}
        onChange={(_event, { value }) => {
          setSearch(value);
        }}
      />
      <ul className={styles.list} aria-busy={roster.isPending}>
        {shown.slice(0, MAX_SHOWN).map((person) => (
          <PersonLine key={person.id} person={person} canAssignRoles={organization.rights.canAssignRoles} />
        ))}
      </ul>
      {roster.isSuccess && shown.length === 0 ? <Text className={styles.quiet}>{words('roster.none')}</Text> : null}
      {shown.length > MAX_SHOWN ? (
        <Text className={styles.quiet}>{words('roster.more', { more: shown.length - MAX_SHOWN })}</Text>
      ) : null}
    </Panel>
  );
}

const COLORS = { connected: 'success', signIn: 'warning', notConnected: 'informative', notOpened: 'subtle' } as const;

function PersonLine({ person, canAssignRoles }: { readonly person: RosterEntry; readonly canAssignRoles: boolean }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  const on = CATEGORIES.filter((category) => {
    const level = person.categories[category]?.effective;
    return level !== undefined && (level.sync !== 'off' || level.act !== 'none');
  });
  const names = on.map((category) => words(categoryId(category)));
  const notes = [
    person.openedAt === null
      ? words('roster.neverOpened')
      : words('roster.openedOn', { date: times.date(person.openedAt) }),
    ...(names.length > 0 ? [names.join(', ')] : []),
    ...(person.isGuest ? [words('roster.guest')] : []),
    ...(person.isAllowed ? [] : [words('roster.notAllowed')]),
  ];
  return (
    <li className={styles.person}>
      <div>
        <Text block>{person.name ?? words('app.unnamed')}</Text>
        <Text size={200} className={styles.quiet}>
          {notes.join(' · ')}
        </Text>
      </div>
      <div className={styles.right}>
        <Badge appearance="tint" color={COLORS[person.state]}>
          {words(`roster.state.${person.state}`)}
        </Badge>
        <Role person={person} canAssignRoles={canAssignRoles && person.openedAt !== null} />
      </div>
    </li>
  );
}

/** A menu for owners, a badge for everyone else. */
function Role({ person, canAssignRoles }: { readonly person: RosterEntry; readonly canAssignRoles: boolean }) {
  const words = useWords();
  const textOf = useErrorText();
  const appoint = useAppoint();
  const label = words(`org.role.${person.productRole ?? 'none'}`);
  if (!canAssignRoles) {
    return person.productRole === null ? null : <Badge appearance="outline">{label}</Badge>;
  }
  return (
    <>
      <Menu
        checkedValues={{ role: [person.productRole ?? 'none'] }}
        onCheckedValueChange={(_event, { checkedItems }) => {
          const role = PRODUCT_ROLES.find((known) => known === checkedItems[0]) ?? null;
          appoint.mutate({ id: person.id, productRole: role });
        }}
      >
        <MenuTrigger disableButtonEnhancement>
          <Button
            size="small"
            appearance="subtle"
            aria-label={words('roster.roleOf', { name: person.name ?? '', role: label })}
          >
            {label}
          </Button>
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            {[...PRODUCT_ROLES, 'none' as const].map((role) => (
              <MenuItemRadio key={role} name="role" value={role}>
                {words(`org.role.${role}`)}
              </MenuItemRadio>
            ))}
          </MenuList>
        </MenuPopover>
      </Menu>
      {appoint.isError ? <Notice intent="error">{textOf(appoint.error)}</Notice> : null}
    </>
  );
}
