/** The heading of a page, with one line under it. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  title: { display: 'block', margin: 0 },
  line: {
    display: 'block',
    color: tokens.colorNeutralForeground2,
    marginBlock: `${tokens.spacingVerticalXXS} ${tokens.spacingVerticalL}`,
  },
});

export function PageTitle({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const styles = useStyles();
  return (
    <>
      <Text as="h1" size={600} weight="semibold" className={styles.title}>
        {title}
      </Text>
      <Text className={styles.line}>{children}</Text>
    </>
  );
}
