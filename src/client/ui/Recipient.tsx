/** Who receives what is on: shown wherever someone decides, or looks at what they decided. */
import { Link, makeStyles, Text, tokens } from '@fluentui/react-components';
import { createContext, useContext } from 'react';
import { useWords } from '../text/TextProvider.tsx';
import type { Recipient } from '../settings.ts';

export const RecipientContext = createContext<Recipient | null>(null);

export function useRecipient(): Recipient {
  const recipient = useContext(RecipientContext);
  if (recipient === null) {
    throw new Error('Nobody has said who receives what is on');
  }
  return recipient;
}

const useStyles = makeStyles({
  strip: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalMNudge} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground1,
  },
  logo: { width: '32px', height: '32px', flexShrink: 0, borderRadius: tokens.borderRadiusMedium, objectFit: 'contain' },
  text: { minWidth: 0, overflowWrap: 'anywhere' },
  below: { marginBlockEnd: tokens.spacingVerticalL },
});

export interface RecipientStripProps {
  /** What is said of the recipient. */
  readonly says: 'recipient.receives' | 'recipient.willReceive' | 'recipient.willReceiveForAll';
  /** Whether something else follows at a distance. */
  readonly isAlone?: boolean;
}

export function RecipientStrip({ says, isAlone = false }: RecipientStripProps) {
  const styles = useStyles();
  const words = useWords();
  const { name, logoUrl, privacyUrl } = useRecipient();
  return (
    <div className={isAlone ? `${styles.strip} ${styles.below}` : styles.strip}>
      {logoUrl === null ? null : <img src={logoUrl} alt="" className={styles.logo} />}
      <Text className={styles.text}>
        {words(says, { recipient: name })}{' '}
        {privacyUrl === null ? null : (
          <Link href={privacyUrl} target="_blank" rel="noreferrer" inline>
            {words('recipient.privacy')}
          </Link>
        )}
      </Text>
    </div>
  );
}
