/**
 * Task lists and tasks. The delta of lists wants a permission to write, as in Graph; the lists themselves do not.
 *
 * Source  "List lists", "todoTaskList: delta", "todoTask: delta" (learn.microsoft.com/graph).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DEFAULT_TASK_LIST } from '../seed/generateOtherContent.ts';
import { type Caller, requirePermission, requireMailboxAccess, mailboxCallerOf, mailboxPath } from './access.ts';
import { collectionDelta } from './collectionDelta.ts';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';
import type { GraphContext } from './graphContext.ts';
import type { Mailbox } from './mailbox.ts';
import { listPage, pageRequest, selected } from './paging.ts';
import type { StoredContainer, StoredTask } from './stored.ts';

/** So many lists and no link to more, unless a number is asked for (docs-contrib issue 595). */
const LISTS_UNASKED = 16;

export function registerTasks(app: FastifyInstance, context: GraphContext): void {
  for (const base of ['/v1.0/me', '/v1.0/users/:mailbox']) {
    app.get(`${base}/todo/lists`, (request) => {
      const { mailbox } = enter(context, request);
      const lists = [DEFAULT_LIST, ...mailbox.taskLists.all()].map(presentList);
      return listPage(request, lists, { origin: context.origin, unasked: LISTS_UNASKED, endsUnasked: true });
    });
    for (const form of ['delta', 'delta()']) {
      app.get(`${base}/todo/lists/${form}`, (request) => listDelta(context, request));
      app.get(`${base}/todo/lists/:list/tasks/${form}`, (request) => taskDelta(context, request));
    }
    app.get(`${base}/todo/lists/:list/tasks/:task`, (request) => {
      const { mailbox } = enter(context, request);
      listIn(request, mailbox);
      const task = mailbox.tasks.get(z.object({ task: z.string() }).parse(request.params).task);
      if (task === null) {
        throw new GraphError(GRAPH_REFUSALS.itemNotFound);
      }
      return selected(presentTask(task), pageRequest(request, 'task', context.generation()).select);
    });
    app.get(`${base}/todo/lists/:list/tasks`, (request) => {
      const { mailbox } = enter(context, request);
      const { select, limit } = pageRequest(request, 'tasks', context.generation());
      const { items } = mailbox.tasks.page(listIn(request, mailbox), 0, limit);
      return { value: items.map((task) => selected(presentTask(task), select)) };
    });
  }
}

const DEFAULT_LIST: StoredContainer = {
  id: DEFAULT_TASK_LIST,
  container: '',
  changeKey: 'default',
  modifiedAt: '2026-11-20T16:30:00.000Z',
  name: 'Tasks',
  isShared: false,
};

function enter(context: GraphContext, request: FastifyRequest): { caller: Caller; mailbox: Mailbox } {
  const caller = mailboxCallerOf(context, request);
  requirePermission(caller, 'tasks');
  requireMailboxAccess(caller);
  return { caller, mailbox: context.mailboxes.of(caller.person.upn) };
}

function listIn(request: FastifyRequest, mailbox: Mailbox): string {
  const { list } = z.object({ list: z.string() }).parse(request.params);
  if (list !== DEFAULT_TASK_LIST && mailbox.taskLists.get(list) === null) {
    throw new GraphError(GRAPH_REFUSALS.itemNotFound);
  }
  return list;
}

function listDelta(context: GraphContext, request: FastifyRequest): object {
  const { caller, mailbox } = enter(context, request);
  requirePermission(caller, 'taskListsDelta');
  return collectionDelta({
    context,
    request,
    collection: mailbox.taskLists,
    container: null,
    sequence: mailbox.sequence,
    path: `${mailboxPath(request)}/todo/lists/delta`,
    present: presentList,
  });
}

function taskDelta(context: GraphContext, request: FastifyRequest): object {
  const { mailbox } = enter(context, request);
  const list = listIn(request, mailbox);
  return collectionDelta({
    context,
    request,
    collection: mailbox.tasks,
    container: list,
    sequence: mailbox.sequence,
    path: `${mailboxPath(request)}/todo/lists/${list}/tasks/delta`,
    present: presentTask,
  });
}

function presentList({ id, name, isShared }: StoredContainer): Record<string, unknown> {
  const wellknownListName = id === DEFAULT_TASK_LIST ? 'defaultList' : 'none';
  return { id, displayName: name, isOwner: !isShared, isShared, wellknownListName };
}

function presentTask({ id, changeKey, modifiedAt, title, body, status, dueOn }: StoredTask): Record<string, unknown> {
  const day = (on: string) => ({ dateTime: `${on}T00:00:00.0000000`, timeZone: 'UTC' });
  return {
    '@odata.etag': `W/"${changeKey}"`,
    id,
    createdDateTime: modifiedAt,
    lastModifiedDateTime: modifiedAt,
    bodyLastModifiedDateTime: modifiedAt,
    title,
    status,
    importance: 'normal',
    isReminderOn: false,
    hasAttachments: false,
    categories: [],
    body: { content: body, contentType: 'text' },
    ...(dueOn === null ? {} : { dueDateTime: day(dueOn) }),
    ...(status === 'completed' ? { completedDateTime: day(modifiedAt.slice(0, 10)) } : {}),
  };
}
