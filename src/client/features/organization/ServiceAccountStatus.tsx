/** Service mode in facts: what was reached, whether the canary stayed closed, and what Exchange cannot narrow. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { SERVICE_ROLES } from '../../../domain/permissions.ts';
import { categoryId } from '../../text/categoryIds.ts';
import { useTimes, useWords } from '../../text/TextProvider.tsx';
import { PermissionList } from '../../ui/PermissionList.tsx';

const useStyles = makeStyles({
  line: { display: 'block', marginBlockEnd: tokens.spacingVerticalS },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2, marginBlockEnd: tokens.spacingVerticalS },
  summary: { cursor: 'pointer', color: tokens.colorNeutralForeground2, width: 'fit-content' },
});

export function ServiceAccountStatus({ organization: { service } }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  if (service === null) {
    return null;
  }
  const reached = service.reached.map((category) => words(categoryId(category)));
  return (
    <>
      <Text className={styles.line}>
        {words('org.grantedBy', {
          name: service.grantedBy ?? words('app.unnamed'),
          date: times.date(service.grantedAt),
        })}
      </Text>
      <Text className={styles.quiet}>
        {reached.length === 0
          ? words('service.reachesNothing')
          : words('service.reaches', { what: reached.join(', ') })}{' '}
        {words(`service.canary.${service.canary}`)}{' '}
        {service.checkedAt === null ? '' : words('org.checked', { when: times.ago(service.checkedAt) })}
      </Text>
      <details>
        <summary className={styles.summary}>{words('org.granted')}</summary>
        <PermissionList reader="administrator" type="application" scopes={SERVICE_ROLES} />
        <Text className={styles.quiet}>{words('service.directory')}</Text>
      </details>
    </>
  );
}
