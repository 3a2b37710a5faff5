/**
 * Query parameters that a delta does not take: Graph refuses the request (400), whatever else is right about it.
 *
 * Source  "message: delta" (`$filter` by `receivedDateTime` alone, `$orderby` as `receivedDateTime desc`, no `$search`),
 *         "mailFolder: delta", "contactFolder: delta", "event: delta" (no `$select`, `$expand`, `$filter`, `$orderby`,
 *         `$search`), "driveItem: delta"; for contacts the service's own words: "The following parameters are not supported
 *         with change tracking over the 'Contacts' resource: '$orderby, $filter, $select, $expand, $search, $top'". Of
 *         `$select` the documentation says the opposite, so that is not refused here but by a fault on request.
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GRAPH_REFUSALS, GraphError } from './errors.ts';

type Rule = readonly [path: RegExp, refuses: (name: string, value: string) => boolean];

const anyOf =
  (...names: readonly string[]) =>
  (name: string) =>
    names.includes(name);

const RULES: readonly Rule[] = [
  [/\/messages\/delta(\(\))?$/, refusedOfMessages],
  [/\/(mailFolders|contactFolders)\/delta(\(\))?$/, anyOf('$top', '$filter', '$orderby', '$search')],
  [/\/contacts\/delta(\(\))?$/, anyOf('$orderby', '$filter', '$expand', '$search', '$top')],
  [/\/calendarView\/delta(\(\))?$/, anyOf('$select', '$expand', '$filter', '$orderby', '$search', '$top')],
  [/\/root\/delta(\(\))?$/, anyOf('$filter', '$orderby', '$search')],
];

function refusedOfMessages(name: string, value: string): boolean {
  switch (name) {
    case '$search':
      return true;
    case '$filter':
      return !/^receivedDateTime (ge|gt) \S+$/.test(value);
    case '$orderby':
      return !/^receivedDateTime desc$/i.test(value);
    default:
      return false;
  }
}

export function refuseParameters(app: FastifyInstance): void {
  app.addHook('preHandler', async (request) => {
    const { pathname } = new URL(request.url, 'https://graph.invalid');
    const query = z.record(z.string(), z.unknown()).parse(request.query);
    const refused = RULES.find(([path]) => path.test(pathname))?.[1];
    const isRefused = Object.entries(query).some(([name, value]) => refused?.(name, String(value)) === true);
    // Changes are tracked folder by folder.
    const isOfAll = /\/(me|users\/[^/]+)\/messages\/delta(\(\))?$/.test(pathname);
    if (isOfAll) {
      throw new GraphError(GRAPH_REFUSALS.notTracked);
    }
    if (isRefused) {
      throw new GraphError(GRAPH_REFUSALS.parameterRefused);
    }
  });
}
