/** What a person reads and presses on the page. */
import { fireEvent, screen, waitFor } from '@testing-library/react';

/** Presses the button of that name once it can be pressed. */
export async function press(name: string | RegExp): Promise<void> {
  const button = await screen.findByRole<HTMLButtonElement>('button', { name });
  await waitFor(() => {
    if (button.disabled) {
      throw new Error(`${button.textContent} cannot be pressed`);
    }
  });
  fireEvent.click(button);
}

/** The text of every element of a role, in order. */
export function textsOf(role: string): readonly (string | null)[] {
  return screen.queryAllByRole(role).map(({ textContent }) => textContent);
}

/** Whether the control of that name can be used. */
export function isEnabled(role: string, name: string): boolean {
  return !screen.getByRole<HTMLButtonElement>(role, { name }).disabled;
}

/** Writes into the field of that name. */
export function write(name: string, text: string): void {
  fireEvent.change(screen.getByLabelText(name), { target: { value: text } });
}

/** Each option of a list to choose from, and which is chosen. */
export function optionsOf(name: string) {
  const select = screen.getByRole<HTMLSelectElement>('combobox', { name });
  return {
    offered: [...select.options].map(({ value, text }) => `${value}: ${text}`),
    chosen: select.value,
  };
}
