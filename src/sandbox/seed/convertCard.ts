/**
 * vCard 2.1, which Outlook writes to this day, in the form of vCard 3.0, which ical.js reads: encoded values are decoded,
 * lines joined, and parameters named.
 *
 * Source  "vCard: The Electronic Business Card, Version 2.1" (versit); RFC 2045 6.7 for quoted-printable.
 */
export function convertCard(text: string): string {
  return /^VERSION:2\.1\s*$/im.test(text) ? joinEncoded(text.split(/\r?\n/)).map(convertLine).join('\r\n') : text;
}

/** A quoted-printable value continues where its line ends with `=`. */
function joinEncoded(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last !== undefined && isEncoded(last) && last.endsWith('=')) {
      joined[joined.length - 1] = `${last.slice(0, -1)}${line}`;
    } else {
      joined.push(line);
    }
  }
  return joined;
}

function isEncoded(line: string): boolean {
  return /^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i.test(line);
}

const UNNAMED = /^(?:QUOTED-PRINTABLE|BASE64|8BIT|7BIT)$/i;

function convertLine(line: string): string {
  const colon = line.indexOf(':');
  const [name = '', ...parameters] = line.slice(0, Math.max(0, colon)).split(';');
  if (colon < 0 || line.startsWith(' ') || line.startsWith('\t')) {
    return line;
  }
  const charset = /;CHARSET=([^;:]+)/i.exec(line)?.[1] ?? 'utf-8';
  const value = line.slice(colon + 1);
  const kept = parameters
    .filter((parameter) => !/^(?:CHARSET|ENCODING)=/i.test(parameter) && !UNNAMED.test(parameter))
    .map((parameter) => (parameter.includes('=') ? parameter : `TYPE=${parameter}`));
  return `${[name, ...kept].join(';')}:${isEncoded(line) ? decode(value, charset) : value}`;
}

function decode(value: string, charset: string): string {
  const bytes = Buffer.from(
    value.replace(/=([0-9A-F]{2})/gi, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );
  return decoderOf(charset).decode(bytes).replace(/\r?\n/g, '\\n');
}

/** Of a charset that no one knows the bytes are taken for the one that most of the web is written in. */
function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('windows-1252');
  }
}
