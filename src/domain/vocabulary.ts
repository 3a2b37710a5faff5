/** The words of a closed vocabulary, in the order of its table; the table is the only list of them. */
export function wordsOf<Word extends string>(table: Readonly<Record<Word, unknown>>): readonly Word[] {
  return Object.keys(table).filter((key): key is Word => key in table);
}
