/**
 * How many of the first are no more together than `most`; one at least, where there is any.
 *
 * Units  Those of `sizes` and `most` are the same.
 */
export function countFitting(sizes: readonly number[], most: number): number {
  let sum = 0;
  const tooMany = sizes.findIndex((size) => (sum += size) > most);
  return tooMany === -1 ? sizes.length : Math.max(1, tooMany);
}
