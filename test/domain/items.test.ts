import { describe, expect, test } from '@jest/globals';
import {
  busyTimeOf,
  isPrivate,
  participantsOf,
  senderOf,
  type ItemContent,
  toEvaluated,
  SENSITIVITIES,
  type SyncedItem,
  titleOf,
} from '../../src/domain/items.ts';

const AT = new Date('2026-11-29T09:00:00.000Z');
const NOTHING: ItemContent = { subject: '', people: [] };
const MESSAGE: ItemContent = {
  subject: 'Board feedback',
  people: [
    { name: 'Jonas Keller', address: 'Jonas.Keller@altenbach.example', role: 'from' },
    { address: 'mara.ellis@harborreed.example', role: 'to' },
  ],
  conversationId: 'c1',
};

describe('what people call an item', () => {
  const contact = { phones: ['+1 555 0100'] };

  test.each<[ItemContent, string]>([
    [MESSAGE, 'Board feedback'],
    [NOTHING, ''],
    [{ ...NOTHING, subject: ' ' }, ' '],
    [{ subject: 'Jonas Keller', people: [], contact }, 'Jonas Keller'],
    [{ subject: ' ', people: [], contact: { ...contact, givenName: 'Jonas', surname: 'Keller' } }, 'Jonas Keller'],
    [{ ...NOTHING, contact: { ...contact, surname: 'Keller' } }, 'Keller'],
    [{ ...NOTHING, contact: { ...contact, companyName: 'Altenbach' } }, 'Altenbach'],
    [{ ...NOTHING, people: MESSAGE.people, contact }, 'Jonas.Keller@altenbach.example'],
    [{ ...NOTHING, contact }, '+1 555 0100'],
    [{ ...NOTHING, contact: { phones: [] } }, ''],
  ])('%j', (content, title) => {
    expect(titleOf(content)).toBe(title);
  });
});

describe('what rules look at', () => {
  test('of a message', () => {
    expect(toEvaluated({ at: AT, content: MESSAGE })).toEqual({
      at: AT,
      participants: ['jonas.keller@altenbach.example', 'mara.ellis@harborreed.example'],
      conversationId: 'c1',
      isDraft: false,
      isPrivate: false,
      isBusyTime: false,
    });
  });

  test('of a draft; an event with changes that its guests do not know of is none', () => {
    const isDraft = (content: Partial<ItemContent>) =>
      toEvaluated({ at: AT, content: { ...NOTHING, ...content } }).isDraft;

    expect(isDraft({ isDraft: true })).toBe(true);
    expect(isDraft({ isDraft: true, start: AT.toISOString() })).toBe(false);
    expect(isDraft({})).toBe(false);
  });

  test.each(SENSITIVITIES)('an event that is %s', (sensitivity) => {
    const expected = sensitivity === 'private' || sensitivity === 'confidential';

    expect(isPrivate(sensitivity)).toBe(expected);
    expect(toEvaluated({ at: null, content: { ...NOTHING, sensitivity } }).isPrivate).toBe(expected);
  });
});

describe('an event of which only the time is kept', () => {
  const times = {
    start: '2026-11-29T09:00:00Z',
    end: '2026-11-29T10:00:00Z',
    isAllDay: false,
    isCancelled: false,
    showAs: 'busy',
    sensitivity: 'private',
    startTimeZone: 'Pacific Standard Time',
    endTimeZone: 'Pacific Standard Time',
  } as const;
  const event: SyncedItem = {
    itemId: 'e1',
    changeKey: 'v1',
    modifiedAt: AT,
    at: AT,
    content: {
      ...MESSAGE,
      ...times,
      location: 'Room 4',
      body: { contentType: 'text', content: 'Salaries' },
      response: 'accepted',
    },
  };

  test('has nothing else, and is another version than the whole one', () => {
    expect(busyTimeOf(event)).toEqual({
      ...event,
      changeKey: 'v1 busyTime',
      content: { subject: '', people: [], ...times, isBusyTime: true },
    });
  });

  test('has no version where the event has none', () => {
    expect(busyTimeOf({ ...event, changeKey: null }).changeKey).toBeNull();
  });
});

describe('who is on an item', () => {
  const people = (...roles: readonly (readonly [ItemContent['people'][number]['role'], string])[]): ItemContent => ({
    ...NOTHING,
    people: roles.map(([role, address]) => ({ role, address })),
  });

  test('is everyone with an address, in lower case, whatever is written around it', () => {
    const content = people(['from', 'Jonas <Jonas.Keller@altenbach.example>'], ['to', ''], ['cc', ' TOM@x.example ']);

    expect(participantsOf(content)).toEqual(['jonas.keller@altenbach.example', 'tom@x.example']);
    expect(participantsOf(NOTHING)).toEqual([]);
  });

  test('whoever it is from has sent it, and who sent it only where it is from no one', () => {
    expect(senderOf(people(['to', 'c'], ['sender', 'b'], ['from', 'a']))).toBe('a');
    expect(senderOf(people(['to', 'c'], ['sender', 'b']))).toBe('b');
    expect(senderOf(people(['to', 'c']))).toBeNull();
    expect(senderOf(NOTHING)).toBeNull();
  });
});
