/** Answers of Graph as sync gets them: pages, and the messages and events on them. */
import type { SyncedItem } from '../../src/domain/items.ts';
import type { CalendarEvent, Change, Container, GraphAnswer, GraphPage } from '../../src/sync/ports.ts';

/** When a message was received, and changed last. */
const RECEIVED = new Date('2026-11-28T10:00:00.000Z');
export const NORA = 'nora@quillworks.example';

export function ok<T>(value: T): Extract<GraphAnswer<T>, { kind: 'ok' }> {
  return { kind: 'ok', value };
}

/** A page that others follow. */
export function pageBefore<T>(next: string, changes: readonly Change<T>[], bytes = 0): GraphPage<T> {
  return { link: `the page before ${next}`, changes, next, delta: null, bytes };
}

/** The last page; `delta` is where the next round begins, where there is a delta. */
export function lastPage<T>(changes: readonly Change<T>[], delta: string | null = 'now', bytes = 0): GraphPage<T> {
  return { link: 'the last page', changes, next: null, delta, bytes };
}

export function aMessage(itemId: string, change: Partial<SyncedItem> = {}): SyncedItem {
  return {
    itemId,
    changeKey: `key of ${itemId}`,
    modifiedAt: RECEIVED,
    at: RECEIVED,
    content: { subject: `Message ${itemId}`, people: [{ address: NORA, role: 'from' }] },
    ...change,
  };
}

export function upsert(item: SyncedItem): Change<SyncedItem> {
  return { kind: 'upsert', id: item.itemId, item };
}

export function removed(id: string): Change<never> {
  return { kind: 'removed', id };
}

export function partial(id: string, changeKey: string | null = null): Change<never> {
  return { kind: 'partial', id, changeKey, raw: { id } };
}

export function unreadable(id: string, reason = 'subject: invalid'): Change<never> {
  return { kind: 'unreadable', id, reason, raw: { id, of: 'the answer' } };
}

/** What is answered about several things by their ids. */
export function each<T>(answers: Readonly<Record<string, GraphAnswer<T>>>): GraphAnswer<Map<string, GraphAnswer<T>>> {
  return ok(new Map(Object.entries(answers)));
}

export function aFolder(id: string, change: Partial<Container> = {}): Change<Container> {
  return { kind: 'upsert', id, item: { id, name: id, parentId: null, isShared: false, itemCount: 3, ...change } };
}

export function anEvent(itemId: string, change: Partial<Omit<CalendarEvent, 'item'>> = {}): CalendarEvent {
  const content = {
    subject: `Event ${itemId}`,
    people: [{ address: NORA, role: 'organizer' as const }],
    start: '2026-12-01T09:00:00Z',
    end: '2026-12-01T10:00:00Z',
    isAllDay: false,
  };
  return {
    item: aMessage(itemId, { content }),
    type: 'singleInstance',
    seriesMasterId: null,
    isStub: false,
    ...change,
  };
}

/** An occurrence as the delta has it: with its own times, and nothing else. */
export function aStub(itemId: string, seriesMasterId: string): CalendarEvent {
  const content = { subject: '', people: [], start: '2026-12-08T09:00:00Z', end: '2026-12-08T10:00:00Z' };
  const item = { itemId, changeKey: null, modifiedAt: null, at: new Date(content.start), content };
  return { item, type: 'occurrence', seriesMasterId, isStub: true };
}

export function upsertEvent(event: CalendarEvent): Change<CalendarEvent> {
  return { kind: 'upsert', id: event.item.itemId, item: event };
}
