/** What a member leaves out, one entry each, as the screen names it. */
import type { ExclusionDocument, Exclusions } from '../../../contract/api/relevance.ts';
import { useWords } from '../../text/TextProvider.tsx';

export interface OwnExclusion extends ExclusionDocument {
  readonly text: string;
}

export function useOwnExclusions({ own }: Exclusions): readonly OwnExclusion[] {
  const words = useWords();
  return [
    ...own.domains.map((value) => ({ kind: 'domain' as const, value, text: value })),
    ...own.addresses.map((value) => ({ kind: 'address' as const, value, text: value })),
    ...own.folders.map(({ id, name }) => ({
      kind: 'folder' as const,
      value: id,
      text: words('own.folder', { name: name ?? words('own.folderGone') }),
    })),
    ...own.conversations.map(({ id, subject }) => ({
      kind: 'conversation' as const,
      value: id,
      text: words('own.conversation', { subject }),
    })),
  ];
}
