/** What an item says of itself that rules ask about, read from Graph's own words where it could not be read as a whole. */
import { isPrivate } from '../../domain/items.ts';
import type { ItemFlags } from '../../domain/relevance.ts';

/** `raw`: an entry of Graph's, in whatever form. A meeting with changes its guests do not know yet is no draft. */
export function flagsOf(raw: unknown): ItemFlags {
  const isEvent = Reflect.has(Object(raw), 'start');
  return {
    isDraft: !isEvent && Reflect.get(Object(raw), 'isDraft') === true,
    isPrivate: isPrivate(Reflect.get(Object(raw), 'sensitivity')),
  };
}
