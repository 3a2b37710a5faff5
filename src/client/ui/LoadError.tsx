/** Says why something could not be loaded or changed, and what to do next. */
import { Button } from '@fluentui/react-components';
import { ApiError } from '../api/client.ts';
import { useWords } from '../text/TextProvider.tsx';
import { Notice } from './Notice.tsx';

/** The server's own sentence and next action, or that it cannot be reached. */
export function useErrorText(): (error: Error) => string {
  const words = useWords();
  return (error) =>
    error instanceof ApiError && error.problem !== null
      ? words('error.request', { sentence: error.problem.title, action: error.problem.action })
      : words('error.unreachable');
}

export function LoadError({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const words = useWords();
  const textOf = useErrorText();
  return (
    <Notice
      intent="error"
      title={words('error.title')}
      actions={<Button onClick={onRetry}>{words('app.retry')}</Button>}
    >
      {textOf(error)}
    </Notice>
  );
}
