/**
 * Tasks: the lists, whole, and the tasks of each by delta. The lists' own delta wants a permission to write.
 *
 * Source  "List lists", "todoTask: delta", "todoTask resource type" (learn.microsoft.com/graph); docs-contrib issue 595
 *         (without `$top`, the list of lists ends after some and gives no link to the rest).
 */
import { z } from 'zod';
import type { SyncedItem } from '../../domain/items.ts';
import type { Container, EachItem, GraphAccess, GraphAnswer, GraphPage, Reading } from '../../sync/ports.ts';
import { fetchEach } from './batch.ts';
import type { CategoryResource } from './categoryResource.ts';
import { bodyOf, DateTimeTimeZone, firstInstant, instantOrNull, ItemBody } from './fields.ts';
import { Id, itemOf, fetchPage, type Resource } from './pages.ts';
import type { GraphTransport } from './transport.ts';
import { type DesiredStream } from '../../domain/streams.ts';

const LISTS_A_PAGE = '100';

const List = z.object({ id: Id, displayName: z.string().nullish(), isOwner: z.boolean().nullish() });

const Task = z.object({
  id: Id,
  '@odata.etag': Id.nullish(),
  title: z.string().nullish(),
  status: z.string().nullish(),
  importance: z.string().nullish(),
  createdDateTime: z.string().nullish(),
  lastModifiedDateTime: z.string().nullish(),
  dueDateTime: DateTimeTimeZone.nullish(),
  completedDateTime: DateTimeTimeZone.nullish(),
  body: ItemBody.nullish(),
});

/** What no task is without; days are left out where none is set. */
const WHOLE = ['@odata.etag', 'title', 'status', 'importance', 'createdDateTime', 'lastModifiedDateTime', 'body'];

const LISTS: Resource<z.infer<typeof List>, Container> = {
  schema: List,
  present: ({ id, displayName, isOwner }) => ({
    id,
    name: displayName ?? '',
    parentId: null,
    isShared: isOwner === false,
    itemCount: null,
  }),
  whole: [],
  changeKey: '',
};

const TASKS: Resource<z.infer<typeof Task>, SyncedItem> = {
  schema: Task,
  present: presentTask,
  whole: WHOLE,
  changeKey: '@odata.etag',
};

export const tasks: CategoryResource = {
  containersPage: fetchTaskListsPage,
  container: null,
  items: { page: fetchTasksPage, each: fetchTasks },
  probe: { path: 'todo/lists', tellsLevelByBody: false },
  sharedProbe: null,
};

function fetchTaskListsPage(
  transport: GraphTransport,
  access: GraphAccess,
  pageSize: number,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<Container>>> {
  return fetchPage(transport, {
    access,
    url: cursor ?? { path: `${access.mailbox}/todo/lists`, options: { $top: LISTS_A_PAGE }, name: 'taskLists' },
    resource: LISTS,
    pageSize,
    isDelta: false,
  });
}

function fetchTasksPage(
  transport: GraphTransport,
  access: GraphAccess,
  { container: list, pageSize, isLight }: Reading,
  cursor: string | null,
): Promise<GraphAnswer<GraphPage<SyncedItem>>> {
  return fetchPage(transport, {
    access,
    url: cursor ?? {
      path: `${tasksPath(access, list)}/delta`,
      options: isLight ? { $select: 'id,title' } : {},
      name: 'tasks',
    },
    resource: TASKS,
    pageSize,
    isDelta: true,
    isLight,
  });
}

function fetchTasks(
  transport: GraphTransport,
  access: GraphAccess,
  { container: list }: Pick<DesiredStream, 'container'>,
  ids: readonly string[],
): Promise<EachItem<SyncedItem>> {
  return fetchEach(
    transport,
    access,
    ids,
    (id) => `${tasksPath(access, list)}/${encodeURIComponent(id)}`,
    (body) => itemOf(body, TASKS),
  );
}

function tasksPath({ mailbox }: GraphAccess, list: string): string {
  return `${mailbox}/todo/lists/${encodeURIComponent(list)}/tasks`;
}

function presentTask(task: z.infer<typeof Task>): SyncedItem {
  return {
    itemId: task.id,
    changeKey: task['@odata.etag'] ?? null,
    modifiedAt: instantOrNull(task.lastModifiedDateTime),
    at: firstInstant(task.lastModifiedDateTime, task.createdDateTime),
    content: {
      subject: task.title ?? '',
      people: [],
      body: bodyOf(task.body),
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
function dayOf(day: z.infer<typeof DateTimeTimeZone> | null | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}/.exec(day?.dateTime ?? '')?.[0];
}
