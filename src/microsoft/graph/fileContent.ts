/**
 * The bytes of one file, streamed on request and never stored.
 *
 * Graph answers with an address that is good for this one file for a short while and needs no token; none is sent there.
 *
 * Source  "Download driveItem content" (learn.microsoft.com/graph).
 */
import type { ReadableStream } from 'node:stream/web';
import type { GraphAccess, GraphAnswer } from '../../sync/ports.ts';
import type { GraphTransport } from './transport.ts';

export function openFileContent(
  transport: GraphTransport,
  { accessToken, mailbox }: GraphAccess,
  itemId: string,
): Promise<GraphAnswer<ReadableStream>> {
  return transport.open(accessToken, transport.url(`${mailbox}/drive/items/${encodeURIComponent(itemId)}/content`));
}
