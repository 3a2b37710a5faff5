/** How Graph is asked for one category. A category's own file fills it, and `resources.ts` has them all. */
import type { SyncedItem } from '../../domain/items.ts';
import type { DesiredStream } from '../../domain/streams.ts';
import type { Container, EachItem, GraphAccess, GraphAnswer, GraphPage, Reading } from '../../sync/ports.ts';
import type { GraphTransport } from './transport.ts';

export interface CategoryResource {
  /** A page of the list of containers; `null` where a category has none. */
  readonly containersPage:
    | ((
        transport: GraphTransport,
        access: GraphAccess,
        pageSize: number,
        cursor: string | null,
      ) => Promise<GraphAnswer<GraphPage<Container>>>)
    | null;
  /** One container; `null` where containers do not come by delta, so that none is ever asked for. */
  readonly container:
    ((transport: GraphTransport, access: GraphAccess, id: string) => Promise<GraphAnswer<Container>>) | null;
  /** What comes by a delta of its container; `null` where items come by a window of time. */
  readonly items: {
    readonly page: (
      transport: GraphTransport,
      access: GraphAccess,
      reading: Reading,
      cursor: string | null,
    ) => Promise<GraphAnswer<GraphPage<SyncedItem>>>;
    readonly each: (
      transport: GraphTransport,
      access: GraphAccess,
      stream: Pick<DesiredStream, 'container' | 'level'>,
      ids: readonly string[],
    ) => Promise<EachItem<SyncedItem>>;
  } | null;
  /** Below a mailbox: what is there in every one, to see whether it can be read. */
  readonly probe: {
    readonly path: string;
    /** Whether a narrower permission reads it as well, so that only the body tells the levels apart. */
    readonly tellsLevelByBody: boolean;
  };
  /** Below a shared mailbox: the first request that reading it makes; `null` where none is read. */
  readonly sharedProbe: string | null;
}
