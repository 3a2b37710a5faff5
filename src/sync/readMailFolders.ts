/** Reads the list of mail folders by its delta; every folder in it becomes a stream of its own. */
import type { GraphPage, MailFolder, PageEnd, Stream } from './ports.ts';
import type { RoundContext, StreamEnd } from './runRound.ts';
import { failureOf } from './streamFailure.ts';

export async function readMailFolders(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { ports, state, ask } = context;
  let current = stream;
  for (;;) {
    const asked = current.cursor;
    const answer = await ask(current, (access) => ports.graph.mailFolders(access, asked));
    if (answer.kind === 'cursorLost' && current.generation === stream.generation) {
      const restarted = await ports.store.restart(state, current, null, ports.now());
      if (restarted === 'stale') {
        return { kind: 'stopped' };
      }
      current = restarted;
      continue;
    }
    if (answer.kind === 'cursorLost') {
      return { kind: 'failed', code: 'cursorLost' };
    }
    if (answer.kind !== 'ok') {
      return failureOf(answer);
    }
    const cursor = answer.value.next ?? answer.value.delta;
    if (cursor === null || (answer.value.next !== null && cursor === asked)) {
      return { kind: 'failed', code: 'endlessPaging' };
    }
    const end: PageEnd = answer.value.next !== null ? 'more' : current.stage === 'baseline' ? 'complete' : 'current';
    const written = await ports.store.commitFolders(state, {
      stream: current,
      ...foldersOf(answer.value),
      cursor,
      end,
      at: ports.now(),
    });
    if (written === 'stale') {
      return { kind: 'stopped' };
    }
    if (end !== 'more') {
      return { kind: 'current' };
    }
    current = { ...current, cursor };
  }
}

function foldersOf({ changes }: GraphPage<MailFolder>) {
  return {
    upserts: changes.flatMap((change) => (change.kind === 'upsert' ? [change.item] : [])),
    removals: changes.flatMap((change) => (change.kind === 'removed' ? [change.id] : [])),
  };
}
