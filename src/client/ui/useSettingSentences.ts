/** What rules set beside their lists, said in a sentence for each setting that leaves something out. */
import { isSet, RULE_SETTINGS, type RuleSetting, type RuleSettings } from '../../domain/ruleSettings.ts';
import { useLength, useWords } from '../text/TextProvider.tsx';

export function useSettingSentences(settings: RuleSettings, whose: 'organization' | 'member'): readonly string[] {
  const words = useWords();
  const lengthOf = useLength();
  const isOwn = whose === 'member';
  const sentenceOf = (setting: RuleSetting): string => {
    switch (setting) {
      case 'knownContactsOnly':
        return words(isOwn ? 'own.known' : 'rules.shown.known');
      case 'leavesOutDrafts':
        return words('rules.shown.drafts');
      case 'privateEvents':
        return settings.privateEvents === 'whole' ? '' : words(`rules.shown.private.${settings.privateEvents}`);
      case 'lookBackDays':
        return words(isOwn ? 'own.lookBack' : 'rules.shown.lookBack', { length: lengthOf(settings.lookBackDays ?? 0) });
      case 'retentionDays':
        return words(isOwn ? 'own.retention' : 'rules.shown.retention', {
          length: lengthOf(settings.retentionDays ?? 0),
        });
    }
  };
  return RULE_SETTINGS.filter((setting) => isSet(settings, setting)).map(sentenceOf);
}
