/** A dialog with a heading, a body and its actions; the first action is the one with the accent. */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { useWords } from '../text/TextProvider.tsx';

const useStyles = makeStyles({
  surface: { maxWidth: '560px', maxHeight: '100dvh', overflow: 'auto' },
  actions: { gridColumnStart: 1, justifySelf: 'end', '& > button': { whiteSpace: 'nowrap' } },
  content: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalM,
    paddingBlock: tokens.spacingVerticalXS,
    // A choice is as wide as its longest option unless it is told that it may be narrower.
    '& .fui-Field': { gridTemplateColumns: 'minmax(0, 1fr)' },
    '& .fui-Select': { minWidth: 0 },
  },
});

export interface FormDialogProps {
  /** The dialog stays where it is while closed, so that the rest of the page is given back properly. */
  readonly isOpen: boolean;
  readonly title: string;
  readonly children: ReactNode;
  readonly action: ReactNode;
  readonly onClose: () => void;
  /** What the closing button says; by default that it cancels. */
  readonly closeLabel?: string;
}

export function FormDialog({ isOpen, title, children, action, onClose, closeLabel }: FormDialogProps) {
  const words = useWords();
  const styles = useStyles();
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(_event, { open }) => {
        if (!open) {
          onClose();
        }
      }}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>{children}</DialogContent>
          <DialogActions className={styles.actions}>
            {action}
            <Button onClick={onClose}>{closeLabel ?? words('app.cancel')}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
