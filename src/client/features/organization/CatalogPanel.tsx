/** Every permission that Assent may ever ask for, in plain language, searchable. */
import { Input, makeStyles, Text, tokens } from '@fluentui/react-components';
import { SearchRegular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { meaningOf } from '../../../text/permissions.ts';
import { type Permission, PERMISSIONS } from '../../../domain/permissionCatalog.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';

const useStyles = makeStyles({
  search: { width: '100%', marginBlock: tokens.spacingVerticalS },
  group: { display: 'block', marginBlockStart: tokens.spacingVerticalM },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2 },
});

const GROUPS = [
  { type: 'delegated', access: 'readOnly', label: 'catalog.delegatedReading' },
  { type: 'delegated', access: 'readWrite', label: 'catalog.delegatedWriting' },
  { type: 'application', access: 'readOnly', label: 'catalog.application' },
] as const;

export function CatalogPanel({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const styles = useStyles();
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const matches = (permission: Permission) =>
    [permission.value, permission.title, permission.userTitle, meaningOf(permission)].some((text) =>
      text.toLowerCase().includes(wanted),
    );
  const found = PERMISSIONS.filter(({ type }) => type === 'delegated' || organization.offersService).filter(matches);
  return (
    <Panel title={words('catalog.title')}>
      <Text className={styles.quiet}>{words('catalog.text')}</Text>
      <Input
        className={styles.search}
        aria-label={words('catalog.search')}
        placeholder={words('catalog.search')}
        contentBefore={<SearchRegular />}
        value={search}
        onChange={(_event, { value }) => {
          setSearch(value);
        }}
      />
      {GROUPS.map(({ type, access, label }) => {
        const scopes = found.filter((each) => each.type === type && each.access === access).map(({ value }) => value);
        return scopes.length === 0 ? null : (
          <div key={label}>
            <Text weight="semibold" className={styles.group}>
              {words(label)}
            </Text>
            <PermissionList reader="administrator" type={type} scopes={scopes} />
          </div>
        );
      })}
      {found.length === 0 ? <Text>{words('catalog.none')}</Text> : null}
    </Panel>
  );
}
