/**
 * Tasks: the lists, whole, and the tasks of each by delta. The lists' own delta wants a permission to write.
 *
 * Source  "List lists", "todoTask: delta", "todoTask resource type" (learn.microsoft.com/graph).
 */
import { z } from 'zod';
import type { SyncedItem } from '../../domain/items.ts';
import type { Container, GraphAccess, GraphAnswer, GraphPage } from '../../sync/ports.ts';
import { instantOrNull } from './fields.ts';
import { Id, readPage } from './pages.ts';
import type { GraphTransport } from './transport.ts';

const List = z.object({ id: Id, displayName: z.string().nullish(), isOwner: z.boolean().nullish() });

const Day = z.object({ dateTime: z.string() });

const Task = z.object({
  id: Id,
  '@odata.etag': Id.nullish(),
  title: z.string().nullish(),
  status: z.string().nullish(),
  importance: z.string().nullish(),
  createdDateTime: z.iso.datetime({ offset: true }).nullish(),
  lastModifiedDateTime: z.iso.datetime({ offset: true }).nullish(),
  dueDateTime: Day.nullish(),
  completedDateTime: Day.nullish(),
  body: z.object({ contentType: z.string(), content: z.string() }).nullish(),
});

export function readTaskListsPage(
  transport: GraphTransport,
  access: GraphAccess,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return readPage(transport, {
    access,
    url: cursor ?? transport.url(`${access.mailbox}/todo/lists`),
    schema: List,
    present: ({ id, displayName, isOwner }) => ({
      id,
      name: displayName ?? '',
      parentId: null,
      isShared: isOwner === false,
      itemCount: null,
    }),
    isDelta: false,
  });
}

export function readTasksPage(
  transport: GraphTransport,
  access: GraphAccess,
  list: string,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  return readPage(transport, {
    access,
    url: cursor ?? transport.url(`${access.mailbox}/todo/lists/${encodeURIComponent(list)}/tasks/delta`),
    schema: Task,
    present: presentTask,
    isDelta: true,
  });
}

function presentTask(task: z.infer<typeof Task>): SyncedItem {
  const modifiedAt = instantOrNull(task.lastModifiedDateTime);
  return {
    itemId: task.id,
    changeKey: task['@odata.etag'] ?? null,
    modifiedAt,
    at: modifiedAt ?? instantOrNull(task.createdDateTime) ?? new Date(0),
    content: {
      subject: task.title ?? '',
      people: [],
      body: task.body ?? undefined,
      task: {
        status: task.status ?? 'notStarted',
        importance: task.importance ?? 'normal',
        dueOn: dayOf(task.dueDateTime),
        completedOn: dayOf(task.completedDateTime),
      },
    },
  };
}

/** To Do knows days; the time beside them is the midnight of some zone. */
function dayOf(day: z.infer<typeof Day> | null | undefined): string | undefined {
  return day?.dateTime.slice(0, 10);
}
