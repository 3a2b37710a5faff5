/**
 * `GET /api/events`: server-sent events, read with `fetch`.
 *
 * `sync` carries the whole answer of `GET /api/me/sync`, `organization` that of `GET /api/organization`. An
 * event's id names the state that it brought; `Last-Event-ID` with the newest id brings nothing until the
 * state changes.
 */
export const EVENTS = ['sync', 'organization', 'expired'] as const;
export type EventName = (typeof EVENTS)[number];
