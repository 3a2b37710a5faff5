/** Who a change would affect, before it is made. */
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { usePreview } from '../../api/organizationQueries.ts';
import type { PreviewRequest } from '../../../contract/api/organization.ts';
import { useWords, type WordId } from '../../text/TextProvider.tsx';

const MAX_NAMES_SHOWN = 5;

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
});

type Named = readonly { readonly id: string; readonly name: string | null }[];

export function ImpactPreview({ request }: { readonly request: PreviewRequest | null }) {
  const words = useWords();
  const styles = useStyles();
  const { data } = usePreview(request);
  if (request === null || data === undefined) {
    return null;
  }
  const lines: readonly (readonly [WordId, Named])[] = [
    ['preview.starts', data.starts],
    ['preview.stops', data.stops],
    ['preview.silently', data.signInSilently],
    ['preview.asked', data.signInAsked],
  ];
  const shown = lines.filter(([, people]) => people.length > 0);
  return (
    <div aria-live="polite">
      <Text weight="semibold">{words('preview.title')}</Text>
      {shown.length === 0 ? (
        <Text block>{words('preview.nobody')}</Text>
      ) : (
        <ul className={styles.list}>
          {shown.map(([id, people]) => (
            <Line key={id} id={id} people={people} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Line({ id, people }: { readonly id: WordId; readonly people: Named }) {
  const words = useWords();
  const names = people.slice(0, MAX_NAMES_SHOWN).map(({ name }) => name ?? words('app.unnamed'));
  const more = people.length - names.length;
  const who = more > 0 ? words('preview.more', { names: names.join(', '), more }) : names.join(', ');
  return <li>{words(id, { count: people.length, who })}</li>;
}
