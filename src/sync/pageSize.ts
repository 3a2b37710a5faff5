/**
 * How many items are asked for at once: more while answers are light, half as many after one that cannot be had.
 *
 * Units   Items, and bytes of the last answer. Graph gives up on an answer after half a minute, which folders of heavy
 *         messages reach at twenty.
 * Source  Design, section 5; docs-contrib issues 1220, 6538 and 6820 (504 for pages that a smaller size passes).
 */
const FIRST = 100;
const MAX = 500;
/** An answer twice as heavy as this one is still quickly there. */
const LIGHT_BYTES = 512 * 1024;

export function firstPageSize(remembered: number | null): number {
  return remembered ?? FIRST;
}

export function pageSizeAfter(pageSize: number, bytes: number): number {
  return bytes <= LIGHT_BYTES ? Math.min(pageSize * 2, MAX) : pageSize;
}

/** `null` where there is nothing smaller. */
export function halved(pageSize: number): number | null {
  return pageSize === 1 ? null : Math.floor(pageSize / 2);
}
