/** Reads one mail folder by its delta; content comes with the page, never message by message. */
import type { Stream } from './ports.ts';
import { readPages } from './readPages.ts';
import type { RoundContext, StreamEnd } from './runRound.ts';

export function readMailFolder(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { graph } = context.ports;
  return readPages(context, stream, {
    fetch: (current, cursor) =>
      context.ask(current, (access) => graph.messages(access, current.container, current.level, cursor)),
  });
}
