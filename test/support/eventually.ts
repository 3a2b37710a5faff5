/**
 * Waiting for what the product does not begin itself, such as what Microsoft's side sends or a process of its own: looks are
 * bounded in number, and giving up is a failure. What the product does itself, `settle` waits for.
 */
import type { World } from './createWorld.ts';

const MAX_LOOKS = 2_400;
const BETWEEN_LOOKS_MILLISECONDS = 50;

export async function eventually(
  isSo: () => Promise<boolean>,
  describe: () => Promise<string> = () => Promise.resolve(isSo.toString()),
): Promise<void> {
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    if (await isSo()) {
      return;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, BETWEEN_LOOKS_MILLISECONDS);
    });
  }
  throw new Error(`It does not come to that: ${await describe()}`);
}

/** Until the sandbox holds back an answer that a fault named; clearing the faults lets it go. */
export async function whenAnswerIsHeld({ control }: Pick<World, 'control'>): Promise<void> {
  await eventually(async () => Reflect.get(Object((await control('GET', '/faults')).body), 'held') === 1);
}
