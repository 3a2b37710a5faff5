/** What of a file is left, item by item, with the reason. */

/** A file, or an item of one, that cannot be taken; the message is the reason, as it is shown. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

export interface LeftOut {
  /** Which item of the file: what it calls itself, or which one it is. */
  readonly item: string;
  readonly reason: string;
}

/** Takes each part of a file by itself: one that cannot be taken is named, and the others go on. */
export async function readParts<Part, Item>(
  parts: readonly Part[],
  nameOf: (part: Part, index: number) => string,
  read: (part: Part) => Item | Promise<Item>,
): Promise<{ readonly items: readonly Item[]; readonly leftOut: readonly LeftOut[] }> {
  const items: Item[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, part] of parts.entries()) {
    try {
      items.push(await read(part));
    } catch (error) {
      if (!(error instanceof UnreadableFileError)) {
        throw error;
      }
      leftOut.push({ item: nameOf(part, index), reason: error.message });
    }
  }
  return { items, leftOut };
}
