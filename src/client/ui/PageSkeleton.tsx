/** The page's shape while its content loads, so that nothing jumps when it comes. */
import { makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  line: {
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralStencil1,
    marginBlockEnd: tokens.spacingVerticalM,
  },
  title: { height: '28px', width: '40%' },
  text: { height: '20px', width: '70%' },
  row: { height: '104px' },
});

export function PageSkeleton() {
  const styles = useStyles();
  return (
    <div aria-busy="true">
      <div className={`${styles.line} ${styles.title}`} />
      <div className={`${styles.line} ${styles.text}`} />
      <div className={`${styles.line} ${styles.row}`} />
      <div className={`${styles.line} ${styles.row}`} />
    </div>
  );
}
