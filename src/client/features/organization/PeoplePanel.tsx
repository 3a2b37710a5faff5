/** Who can change the organization. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { OrganizationDocument } from '../../../contract/api/organization.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { Panel } from '../../ui/Panel.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  line: { display: 'flex', justifyContent: 'space-between', paddingBlock: tokens.spacingVerticalXS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function PeoplePanel({ organization }: { readonly organization: OrganizationDocument }) {
  const words = useWords();
  const styles = useStyles();
  const { people } = organization;
  return (
    <Panel title={words('org.people')}>
      {people.length === 0 ? <Text className={styles.quiet}>{words('org.nobody')}</Text> : null}
      <ul className={styles.list}>
        {people.map(({ name, role }) => (
          <li key={`${name ?? ''} ${role}`} className={styles.line}>
            <Text>{name ?? words('app.unnamed')}</Text>
            <Text className={styles.quiet}>{words(`org.role.${role}`)}</Text>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
