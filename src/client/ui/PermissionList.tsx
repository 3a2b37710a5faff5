/** Permissions in plain language, each with the name that Microsoft's own dialog shows. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { Permission } from '../../domain/permissionCatalog.ts';
import { meaningOf } from '../../text/permissions.ts';
import { findPermission } from '../../domain/permissions.ts';
import { useWords } from '../text/TextProvider.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  line: { paddingBlock: tokens.spacingVerticalXS },
  own: { display: 'block', color: tokens.colorNeutralForeground2 },
});

export interface PermissionListProps {
  readonly scopes: readonly string[];
  /** Whose dialog of Microsoft's is meant: the names differ. */
  readonly reader?: 'user' | 'administrator';
  readonly type?: Permission['type'];
}

export function PermissionList({ scopes, reader = 'user', type = 'delegated' }: PermissionListProps) {
  const styles = useStyles();
  const words = useWords();
  const permissions = scopes.flatMap((scope) => findPermission(scope, type) ?? []);
  return (
    <ul className={styles.list}>
      {permissions.map(({ value, title, userTitle }) => (
        <li key={value} className={styles.line}>
          {meaningOf({ type, value })}
          <Text size={200} className={styles.own}>
            {words('on.ownName', { title: reader === 'user' ? userTitle : title })}
          </Text>
        </li>
      ))}
    </ul>
  );
}
