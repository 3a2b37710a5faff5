/** What stands in the way: every check with its evidence, its age, and the remedy. */
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import {
  CheckmarkCircleRegular,
  DismissCircleRegular,
  QuestionCircleRegular,
  WarningRegular,
} from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { useReadiness } from '../../api/organizationQueries.ts';
import type { OrganizationDocument, Readiness } from '../../../contract/api/organization.ts';
import { useTimes, useWords, type WordId } from '../../text/TextProvider.tsx';
import { LoadError } from '../../ui/LoadError.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { findingId, remedyId } from '../../text/checkIds.ts';
import { EVIDENCE, type Evidence } from '../../../domain/userConsent.ts';

type Check = Readiness['checks'][number];

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  check: {
    display: 'grid',
    gridTemplateColumns: '24px minmax(0, 1fr)',
    columnGap: tokens.spacingHorizontalS,
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  quiet: { display: 'block', color: tokens.colorNeutralForeground2 },
  good: { color: tokens.colorPaletteGreenForeground1 },
  attention: { color: tokens.colorPaletteDarkOrangeForeground1 },
  blocked: { color: tokens.colorPaletteRedForeground1 },
  unknown: { color: tokens.colorNeutralForeground2 },
});

const ICONS: Readonly<Record<Check['result'], ReactNode>> = {
  good: <CheckmarkCircleRegular fontSize={20} />,
  attention: <WarningRegular fontSize={20} />,
  blocked: <DismissCircleRegular fontSize={20} />,
  unknown: <QuestionCircleRegular fontSize={20} />,
};

export interface ReadinessPanelProps {
  readonly organization: OrganizationDocument;
  readonly onCheck: () => void;
}

export function ReadinessPanel({ organization, onCheck }: ReadinessPanelProps) {
  const words = useWords();
  const styles = useStyles();
  const readiness = useReadiness(organization.version);
  if (readiness.isError) {
    return <LoadError error={readiness.error} onRetry={() => void readiness.refetch()} />;
  }
  return (
    <Panel
      title={words('ready.title')}
      aside={
        organization.rights.canGrant ? (
          <Button size="small" onClick={onCheck}>
            {words('ready.check')}
          </Button>
        ) : null
      }
    >
      <Text className={styles.quiet}>{words('ready.text')}</Text>
      <ul className={styles.list} aria-busy={readiness.isPending}>
        {(readiness.data?.checks ?? []).map((check) => (
          <CheckLine key={check.check} check={check} />
        ))}
      </ul>
    </Panel>
  );
}

const EVIDENCE_IDS: Readonly<Record<Evidence, WordId | null>> = {
  policy: 'ready.source.policy',
  refusal: 'ready.source.refusal',
  said: 'ready.source.said',
  grant: 'ready.source.grant',
  permission: null,
};

function CheckLine({ check }: { readonly check: Check }) {
  const words = useWords();
  const times = useTimes();
  const styles = useStyles();
  const say = (id: WordId | null) => (id === null ? '' : words(id, check.values));
  const evidence = EVIDENCE.find((kind) => check.check === 'userConsent' && kind === check.values['source']);
  const source = say(evidence === undefined ? null : EVIDENCE_IDS[evidence]);
  const remedy = say(remedyId(check.check, check.finding));
  return (
    <li className={styles.check}>
      <span className={styles[check.result]} role="img" aria-label={words(`ready.result.${check.result}`)}>
        {ICONS[check.result]}
      </span>
      <div>
        <Text weight="semibold" block>
          {words(`ready.name.${check.check}`)}
        </Text>
        <Text block>
          {say(findingId(check.check, check.finding))} {source}
        </Text>
        {remedy === '' ? null : <Text block>{remedy}</Text>}
        {check.checkedAt === null ? null : (
          <Text size={200} className={styles.quiet}>
            {words('ready.asOf', { when: times.ago(check.checkedAt) })}
          </Text>
        )}
      </div>
    </li>
  );
}
