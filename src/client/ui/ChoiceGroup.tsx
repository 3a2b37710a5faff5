/**
 * Several controls under one heading. A field is for one: it gives its own id to every control in it, so that each label
 * would belong to the first.
 */
import { makeStyles, Text, tokens, useId } from '@fluentui/react-components';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  label: { display: 'block', marginBlockEnd: tokens.spacingVerticalXXS },
});

export interface ChoiceGroupProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function ChoiceGroup({ label, children }: ChoiceGroupProps) {
  const styles = useStyles();
  const id = useId('choices');
  return (
    <div role="group" aria-labelledby={id}>
      <Text id={id} className={styles.label} weight="semibold">
        {label}
      </Text>
      {children}
    </div>
  );
}
