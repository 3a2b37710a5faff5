/** A message that stands in the page, with what can be done about it. */
import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';

export interface NoticeProps {
  readonly intent: 'info' | 'success' | 'warning' | 'error';
  readonly title?: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

const useStyles = makeStyles({
  // A bar clips what is in it, so that in a column it would give its height away before anything scrolls.
  bar: { flexShrink: 0, marginBlockEnd: tokens.spacingVerticalM, borderRadius: tokens.borderRadiusMedium },
  body: { display: 'block', paddingBlock: tokens.spacingVerticalS, whiteSpace: 'normal' },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: tokens.spacingHorizontalS,
    paddingBlockStart: tokens.spacingVerticalS,
  },
});

export function Notice({ intent, title, children, actions }: NoticeProps) {
  const styles = useStyles();
  return (
    <MessageBar intent={intent} layout="multiline" className={styles.bar}>
      <MessageBarBody className={styles.body}>
        {title === undefined ? null : (
          <>
            <MessageBarTitle>{title}</MessageBarTitle>{' '}
          </>
        )}
        {children}
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </MessageBarBody>
    </MessageBar>
  );
}
