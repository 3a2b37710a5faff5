/** HTML with every value escaped; `html` marks what is already markup. */
export interface Markup {
  readonly markup: string;
}

export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  const texts = values.map(textOf);
  return { markup: parts.map((part, index) => `${part}${texts[index] ?? ''}`).join('') };
}

function textOf(value: string | number | Markup | readonly Markup[]): string {
  if (typeof value === 'object') {
    return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
  }
  return escapeHtml(String(value));
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A whole page in the sandbox's plain look; the banner says at once that this is not Microsoft. */
export function page(title: string, body: Markup, head: Markup = html``): string {
  return `<!doctype html>${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/sandbox/assets/sandbox.css" />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`.markup
  }`;
}
