/** A bordered part of a page with a heading. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  panel: {
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    padding: tokens.spacingHorizontalL,
    marginBlockEnd: tokens.spacingVerticalM,
  },
  head: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    marginBlockEnd: tokens.spacingVerticalXS,
  },
  aside: { flexShrink: 0, whiteSpace: 'nowrap' },
  title: {
    minWidth: 0,
    '& > svg': { flexShrink: 0 },
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    margin: 0,
  },
});

export interface PanelProps {
  readonly title: string;
  readonly icon?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, icon, aside, children }: PanelProps) {
  const styles = useStyles();
  return (
    <section className={styles.panel} aria-label={title}>
      <div className={styles.head}>
        <Text as="h2" size={400} weight="semibold" className={styles.title}>
          {icon}
          {title}
        </Text>
        {aside === undefined || aside === null ? null : <div className={styles.aside}>{aside}</div>}
      </div>
      {children}
    </section>
  );
}
