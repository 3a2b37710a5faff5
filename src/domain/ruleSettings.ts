/**
 * What rules of relevance set beside their lists: by an organization for everyone, and by members for themselves. One
 * row a setting; the wire, the database and the screens take the rest from here.
 *
 * Units   Days, counted back from now for `retentionDays`, and from when the member was connected for `lookBackDays`,
 *         so that what was once within it stays within it.
 */
import { wordsOf } from './vocabulary.ts';

/** How much of an event that its owner marked private or confidential is kept: all, only when it is, or nothing. */
export const PRIVATE_EVENTS = ['whole', 'busyTimes', 'leftOut'] as const;
export type PrivateEvents = (typeof PRIVATE_EVENTS)[number];

export interface RuleSettings {
  /** Kept only when someone who is known takes part. */
  readonly knownContactsOnly: boolean;
  /** Messages that are not sent yet. */
  readonly leavesOutDrafts: boolean;
  readonly privateEvents: PrivateEvents;
  readonly lookBackDays: number | null;
  readonly retentionDays: number | null;
}
export type RuleSetting = keyof RuleSettings;

interface SettingDefinition<Value> {
  /** What leaves nothing out. */
  readonly none: Value;
  /** What holds in an organization until someone decides otherwise. */
  readonly atFirst: Value;
  /** Whether a change admits what was left out before, or in another form. */
  admitsMore(after: Value, before: Value): boolean;
}

const flag = (atFirst: boolean): SettingDefinition<boolean> => ({
  none: false,
  atFirst,
  admitsMore: (after, before) => before && !after,
});

const days: SettingDefinition<number | null> = {
  none: null,
  atFirst: null,
  admitsMore: (after, before) => (after ?? Infinity) > (before ?? Infinity),
};

const DEFINITIONS: { readonly [Setting in RuleSetting]: SettingDefinition<RuleSettings[Setting]> } = {
  knownContactsOnly: flag(false),
  leavesOutDrafts: flag(true),
  privateEvents: {
    none: 'whole',
    atFirst: 'busyTimes',
    admitsMore: (after, before) => after !== before && after !== 'leftOut',
  },
  lookBackDays: days,
  retentionDays: days,
};

/** In the order in which screens show them. */
export const RULE_SETTINGS: readonly RuleSetting[] = wordsOf(DEFINITIONS);

/** Settings of which each has the value that is given for it. */
function settingsBy(valueOf: <Setting extends RuleSetting>(setting: Setting) => RuleSettings[Setting]): RuleSettings {
  return {
    knownContactsOnly: valueOf('knownContactsOnly'),
    leavesOutDrafts: valueOf('leavesOutDrafts'),
    privateEvents: valueOf('privateEvents'),
    lookBackDays: valueOf('lookBackDays'),
    retentionDays: valueOf('retentionDays'),
  };
}

export const NO_SETTINGS: RuleSettings = settingsBy((setting) => DEFINITIONS[setting].none);

export const SETTINGS_AT_FIRST: RuleSettings = settingsBy((setting) => DEFINITIONS[setting].atFirst);

/** The settings of something that has others beside them. */
export function settingsOf(rules: RuleSettings): RuleSettings {
  return settingsBy((setting) => rules[setting]);
}

/** Whether a setting leaves anything out. */
export function isSet(settings: RuleSettings, setting: RuleSetting): boolean {
  return settings[setting] !== DEFINITIONS[setting].none;
}

/** Whether something is admitted after a change of settings that was not before, or in another form. */
export function admitsMore(after: RuleSettings, before: RuleSettings): boolean {
  const isMore = <Setting extends RuleSetting>(setting: Setting) =>
    DEFINITIONS[setting].admitsMore(after[setting], before[setting]);
  return RULE_SETTINGS.some(isMore);
}
