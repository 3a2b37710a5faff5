/**
 * What to do where not even one item can be had with its page: pages name items from then on, and each is read by
 * itself, so that the one that cannot be had is known by name and everything behind it arrives.
 *
 * Only where Microsoft does answer a light page: otherwise nothing is wrong with the items, and it is Microsoft that
 * does not answer.
 */
import type { Reading, Stream } from './ports.ts';
import type { GraphCallResult, RoundContext, StreamEnd } from './roundContext.ts';

export interface LightReader {
  /** One page of one item, by name. */
  probe(reading: Stream & Reading): Promise<GraphCallResult<unknown>>;
  read(light: Stream): Promise<StreamEnd>;
}

export async function lighten(
  context: RoundContext,
  stream: Stream,
  end: StreamEnd,
  reader: LightReader,
): Promise<StreamEnd> {
  if (end.kind !== 'failed' || end.code !== 'tooHeavy') {
    return end;
  }
  const silent: StreamEnd = { ...end, code: 'microsoftUnavailable' };
  if (stream.isLight || stream.level === 'limited') {
    return silent;
  }
  const { ports, state } = context;
  const answer = await reader.probe({ ...stream, isLight: true, pageSize: 1 });
  if (answer.kind === 'stopped') {
    return { kind: 'stopped' };
  }
  if (answer.kind !== 'ok') {
    return silent;
  }
  const light = await ports.store.lighten(state, stream, ports.now());
  return light === 'stale' ? { kind: 'stopped' } : reader.read(light);
}
