/** The first qualified admin is offered ownership. */
import { Button } from '@fluentui/react-components';
import { useClaim } from '../../api/queries.ts';
import { useWords } from '../../text/TextProvider.tsx';
import { useErrorText } from '../../ui/LoadError.tsx';
import { Notice } from '../../ui/Notice.tsx';

export function Claim() {
  const words = useWords();
  const textOf = useErrorText();
  const claim = useClaim();
  return (
    <>
      <Notice
        intent="info"
        title={words('org.claimTitle')}
        actions={
          <Button
            appearance="primary"
            disabled={claim.isPending}
            onClick={() => {
              claim.mutate();
            }}
          >
            {words('org.claim')}
          </Button>
        }
      >
        {words('org.claimText')}
      </Notice>
      {claim.isError ? <Notice intent="error">{textOf(claim.error)}</Notice> : null}
    </>
  );
}
