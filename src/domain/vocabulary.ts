/**
 * A closed vocabulary is one table: a record with a row of traits for each word. These are its words, and values by word.
 */

/** The words of a vocabulary, in the order of its table, which is the only list of them. */
export function wordsOf<Word extends string>(table: Readonly<Record<Word, unknown>>): readonly Word[] {
  return Object.keys(table).filter((key): key is Word => key in table);
}

/** A value for each word of a vocabulary. */
export function mapWords<Word extends string, Value>(
  table: Readonly<Record<Word, unknown>>,
  valueOf: (word: Word) => Value,
): Readonly<Record<Word, Value>>;
export function mapWords<Value>(
  table: Readonly<Record<string, unknown>>,
  valueOf: (word: string) => Value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.keys(table).map((word) => [word, valueOf(word)]));
}
