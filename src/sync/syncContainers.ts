/**
 * Reads the list of a category's containers; each of them becomes a stream of its own.
 *
 * Mail folders and contact folders come by delta. Calendars and task lists are listed whole every time: the delta of
 * task lists wants a permission to write.
 */
import { definitionOf } from '../domain/categories/categories.ts';
import { folderIdIn } from '../domain/sharedMailboxes.ts';
import { WELL_KNOWN_FOLDERS, type WellKnownFolder } from '../domain/wellKnownFolders.ts';
import { followPages } from './followPages.ts';
import type { Change, Container, GraphPage, PlacedContainer, Reading, Stream } from './ports.ts';
import type { GraphCallResult, RoundContext, StreamEnd } from './roundContext.ts';

export async function syncContainers(context: RoundContext, stream: Stream): Promise<StreamEnd> {
  const { store } = context.ports;
  const readsAll = definitionOf(stream.category).containers === 'list';
  const read = readsAll ? { ...stream, generation: stream.generation + 1 } : stream;
  const { sharedMailbox } = stream;
  const known = new WellKnown(context, stream);
  const end = await followPages<Container>(context, read, {
    readsAll,
    fetch: async (reading, cursor) => known.tell(await fetchList(context, reading, cursor)),
    commit: (progress, changes) => {
      const last = lastOf(changes);
      return store.commitContainers(context.state, {
        ...progress,
        itemCount: 0,
        upserts: last.flatMap((change) => (change.kind === 'upsert' ? [placed(sharedMailbox, change.item)] : [])),
        removals: last.flatMap(({ kind, id }) => (kind === 'removed' ? [folderIdIn(sharedMailbox, id)] : [])),
      });
    },
  });
  // A list holds nothing heavy: what does not bring one entry of it in time is not the list's fault.
  return end.kind === 'failed' && end.code === 'tooHeavy' ? { ...end, code: 'microsoftUnavailable' } : end;
}

/**
 * Names the mail folders that every mailbox has; asked for once, while the list is read from its beginning or where it
 * has a folder that was not there before: some are made when they are first needed, as an archive.
 */
class WellKnown {
  readonly #context: RoundContext;
  readonly #stream: Stream;
  readonly #listed: ReadonlySet<string>;
  #folders: ReadonlyMap<string, WellKnownFolder> | null = null;

  constructor(context: RoundContext, stream: Stream) {
    this.#context = context;
    this.#stream = stream;
    this.#listed = new Set(context.state.containers.mail?.map(({ id }) => id));
  }

  async tell(answer: GraphCallResult<GraphPage<Container>>): Promise<GraphCallResult<GraphPage<Container>>> {
    if (
      answer.kind !== 'ok' ||
      !definitionOf(this.#stream.category).hasWellKnownFolders ||
      !this.#mayBeNamed(answer.value)
    ) {
      return answer;
    }
    if (this.#folders === null) {
      const { graph } = this.#context.ports;
      const weight = WELL_KNOWN_FOLDERS.length;
      const asked = await this.#context.callGraph(this.#stream, (access) => graph.wellKnownFolders(access), weight);
      if (asked.kind !== 'ok') {
        return asked;
      }
      this.#folders = asked.value;
    }
    const folders = this.#folders;
    const changes = answer.value.changes.map((change) =>
      change.kind === 'upsert'
        ? { ...change, item: { ...change.item, wellKnown: folders.get(change.id) ?? null } }
        : change,
    );
    return { kind: 'ok', value: { ...answer.value, changes } };
  }

  #mayBeNamed({ changes }: GraphPage<Container>): boolean {
    const { sharedMailbox } = this.#stream;
    const isNew = (change: Change<Container>) =>
      change.kind === 'upsert' && !this.#listed.has(folderIdIn(sharedMailbox, change.id));
    return this.#stream.stage === 'baseline' || changes.some(isNew);
  }
}

/** Few folders change at once, so what an entry does not say is asked for one by one. */
async function fetchList(
  context: RoundContext,
  reading: Stream & Reading,
  cursor: string | null,
): Promise<GraphCallResult<GraphPage<Container>>> {
  const { graph } = context.ports;
  const answer = await context.callGraph(reading, (access) => graph.containers(access, reading, cursor));
  if (answer.kind !== 'ok') {
    return answer;
  }
  const changes: Change<Container>[] = [];
  for (const change of answer.value.changes) {
    if (change.kind !== 'partial') {
      changes.push(change);
      continue;
    }
    const whole = await context.callGraph(reading, (access) => graph.container(access, reading.category, change.id));
    if (whole.kind === 'ok') {
      changes.push({ kind: 'upsert', id: change.id, item: whole.value });
    } else if (whole.kind !== 'notFound') {
      return whole;
    }
  }
  return { kind: 'ok', value: { ...answer.value, changes } };
}

/** Everything in a shared mailbox is someone else's, and known by an id that is not one of the member's own. */
function placed(sharedMailbox: string | null, container: Container): PlacedContainer {
  const { id, parentId, isShared } = container;
  return {
    ...container,
    id: folderIdIn(sharedMailbox, id),
    parentId: parentId === null ? null : folderIdIn(sharedMailbox, parentId),
    container: id,
    sharedMailbox,
    isShared: isShared || sharedMailbox !== null,
  };
}

/** Of a container that is named twice, the last word counts. */
function lastOf(changes: readonly Change<Container>[]): readonly Change<Container>[] {
  return [...new Map(changes.map((change) => [change.id, change])).values()];
}
