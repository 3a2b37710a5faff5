/** Clicks labels as people read them, and looks at what changes. */
import type { Frame } from 'playwright-core';
import { z } from 'zod';

export interface Control {
  readonly id: string;
  readonly name: string;
  /** What it is called: its labels' first lines. */
  readonly label: string;
  readonly isChecked: boolean;
  readonly isRadio: boolean;
}

const Controls = z.array(
  z.object({ id: z.string(), name: z.string(), label: z.string(), isChecked: z.boolean(), isRadio: z.boolean() }),
);

/** Every box, radio button and switch of the dialog that is open. */
const READ = `[...document.querySelectorAll('[role=dialog] input[type=checkbox], [role=dialog] input[type=radio]')].map((input) => ({
  id: input.id,
  name: input.name,
  label: [...(input.labels ?? [])].map((label) => (label.innerText ?? '').split('\\n')[0].trim()).join(' / ') || input.getAttribute('aria-label') || '',
  isChecked: input.checked,
  isRadio: input.type === 'radio',
}))`;

export async function controlsIn(app: Frame): Promise<readonly Control[]> {
  return Controls.parse(await app.evaluate(READ));
}

/** Ids that more than one element of the page has. */
export async function idsTwice(app: Frame): Promise<readonly string[]> {
  const all = z
    .array(z.string())
    .parse(await app.evaluate(`[...document.querySelectorAll('[id]')].map(({ id }) => id)`));
  return all.filter((id, index) => all.indexOf(id) !== index);
}

const Meant = z.object({ isChecked: z.boolean(), isRadio: z.boolean() }).nullable();

/** The box or button that a label belongs to; `null` for another kind of control. */
const MEANT = (label: HTMLElement | SVGElement) => {
  const control: unknown = Reflect.get(label, 'control');
  const type: unknown = Reflect.get(Object(control), 'type');
  return type === 'radio' || type === 'checkbox'
    ? { isRadio: type === 'radio', isChecked: Reflect.get(Object(control), 'checked') === true }
    : null;
};

/** What a click on each label changes, by the labels of what is different afterwards; each is clicked once. */
export async function clickEveryLabel(
  app: Frame,
): Promise<readonly { readonly label: string; readonly changed: readonly string[] }[]> {
  const labels = app.locator('[role=dialog] label');
  const outcomes: { label: string; changed: readonly string[] }[] = [];
  for (let index = 0; index < (await labels.count()); index += 1) {
    const label = ((await labels.nth(index).innerText()).split('\n')[0] ?? '').trim();
    const before = await controlsIn(app);
    const meant = Meant.parse(await labels.nth(index).evaluate(MEANT));
    // Fields of text have labels too, and a radio button that is chosen stays so.
    if (meant !== null && !(meant.isRadio && meant.isChecked)) {
      await labels.nth(index).click();
      outcomes.push({ label, changed: changedBetween(before, await controlsIn(app)) });
    }
  }
  return outcomes;
}

/** A radio button that another one of its group has taken over from does not count, nor what has come or gone. */
function changedBetween(before: readonly Control[], after: readonly Control[]): readonly string[] {
  const ids = (controls: readonly Control[]) => new Set(controls.map(({ id }) => id)).size;
  const isSameForm = before.length === after.length && ids(before) === ids(after);
  return after
    .filter((control, index) => {
      const was = isSameForm ? before[index] : before.find(({ id }) => id === control.id);
      const isDifferent = was !== undefined && was.isChecked !== control.isChecked;
      return isDifferent && !(control.isRadio && !control.isChecked);
    })
    .map(({ label }) => label);
}
