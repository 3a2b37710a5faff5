/** What rules set beside their lists, said in a sentence for each setting that leaves something out. */
import { isSet, RULE_SETTINGS, type RuleSetting, type RuleSettings } from '../../domain/ruleSettings.ts';
import { useLength, useWords } from '../text/TextProvider.tsx';

/** `side`: whose rules they are, by the words that are said of them. */
export function useSettingSentences(settings: RuleSettings, side: 'rules.shown' | 'own'): readonly string[] {
  const words = useWords();
  const lengthOf = useLength();
  const sentenceOf = (setting: RuleSetting): string => {
    switch (setting) {
      case 'knownContactsOnly':
        return words(`${side}.known`);
      case 'leavesOutDrafts':
        return words('rules.shown.drafts');
      case 'privateEvents':
        return settings.privateEvents === 'whole' ? '' : words(`rules.shown.private.${settings.privateEvents}`);
      case 'lookBackDays':
        return words(`${side}.lookBack`, { length: lengthOf(settings.lookBackDays ?? 0) });
      case 'retentionDays':
        return words(`${side}.retention`, { length: lengthOf(settings.retentionDays ?? 0) });
    }
  };
  return RULE_SETTINGS.filter((setting) => isSet(settings, setting)).map(sentenceOf);
}
