/** What may happen around one organization, as values that fast-check chooses and shrinks. */
import fc from 'fast-check';
import { EMPTY_SELECTION, type Selection } from '../../src/domain/selection.ts';
import { type Level, OFF } from '../../src/domain/levels.ts';

/** The admin, who owns the organization. */
export const OWEN = '7c2a9e10-0001-4c3d-8e5f-100000000001';
const MARA = '7c2a9e10-0001-4c3d-8e5f-100000000002';
const TOM = '7c2a9e10-0001-4c3d-8e5f-100000000003';
export const PEOPLE = [OWEN, MARA, TOM] as const;
export const SYNCED = ['mail', 'calendar'] as const;
export type Synced = (typeof SYNCED)[number];

const aLevel = fc.constantFrom<Level>({ ...OFF, sync: 'limited' }, { ...OFF, sync: 'full' });
const someSelection = fc
  .record({ mail: fc.option(aLevel, { nil: OFF }), calendar: fc.option(aLevel, { nil: OFF }) })
  .filter(({ mail, calendar }) => mail.sync !== 'off' || calendar.sync !== 'off')
  .map((chosen): Selection => ({ ...EMPTY_SELECTION, ...chosen }));
const person = fc.constantFrom(...PEOPLE);
const category = fc.constantFrom(...SYNCED);
const scopes = fc.subarray(['Mail.ReadBasic', 'Mail.Read', 'Calendars.Read'], { minLength: 1 });
const which = fc.nat({ max: 99 });
/** Most people answer Microsoft at once; the others come back later, or never. */
const atOnce = fc.integer({ min: 0, max: 3 }).map((choice) => choice > 0);
const people = fc.option(fc.subarray([...PEOPLE], { minLength: 1 }), { nil: null });

export const anEvent = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('opensThePage'), person }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('turnsOn'), person, category, level: aLevel, atOnce }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('turnsOff'), person, category }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disconnects'), person }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('asksAnAdministrator'), person, selection: someSelection, atOnce }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('decidesForEverybody'),
      mode: fc.constantFrom('organization', 'service'),
      selection: someSelection,
      atOnce,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('removesTheGrant'), atOnce }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('goesBackToIndividual') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switches'), enabled: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('narrows'), selection: someSelection }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('admits'), people }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('covers'), people }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('accepts'), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('declines'), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('takesBack'), scopes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('grantsInThePortal'), scopes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('endsSessions'), person }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disables'), person: fc.constantFrom(MARA, TOM) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('isDown'), isDown: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('lags'), lags: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('timePasses'), minutes: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('roundsBegin') }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pagesAreWritten') }) },
);
export type Event = typeof anEvent extends fc.Arbitrary<infer T> ? T : never;
