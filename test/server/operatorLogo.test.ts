/** A logo is a picture, and can do nothing but be one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readOperatorLogo } from '../../src/server/operatorLogo.ts';
import { ROOT } from '../support/createWorld.ts';

const folder = mkdtempSync(join(tmpdir(), 'assent-logo-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function readWritten(content: string | Buffer) {
  const file = join(folder, 'logo');
  writeFileSync(file, content);
  return readOperatorLogo(file);
}

const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${inner}</svg>`;

test('a PNG is known by its signature', () => {
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex');

  expect(readWritten(png)).toEqual({ type: 'image/png', bytes: png });
});

test.each([
  svg('<path d="M0 0h8v8z"/>'),
  `<?xml version="1.0"?>\n<!-- drawn -->\n${svg('<use href="#a"/><rect fill="url(#g)"/>')}`,
])('a plain SVG is one: %s', (text) => {
  expect(readWritten(text).type).toBe('image/svg+xml');
});

test('the one of the sandbox is one', () => {
  expect(readOperatorLogo(join(ROOT, 'assets', 'northgate.svg')).type).toBe('image/svg+xml');
});

test.each([
  ['a script', svg('<script>alert(1)</script>')],
  ['a handler', svg('<g onload="alert(1)"/>')],
  ['foreign content', svg('<foreignObject><p/></foreignObject>')],
  ['a picture from elsewhere', svg('<image href="https://tracker.example/x.png"/>')],
  ['a style from elsewhere', svg('<style>@import "https://tracker.example/x.css"</style>')],
  ['a font from elsewhere', svg('<style>a{src:url(https://tracker.example/f)}</style>')],
  ['an address that runs', svg('<a href="javascript:alert(1)"/>')],
  ['an entity', `<!DOCTYPE svg [<!ENTITY x "y">]>${svg('&x;')}`],
])('an SVG with %s is refused', (_what, text) => {
  expect(() => readWritten(text)).toThrow(/OPERATOR_LOGO_FILE/);
});

test.each([
  ['a page', '<!doctype html><html></html>'],
  ['a JPEG', Buffer.from('ffd8ffe0', 'hex')],
  ['nothing', ''],
  ['too much', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(256 * 1024)])],
])('%s is refused', (_what, content) => {
  expect(() => readWritten(content)).toThrow(/OPERATOR_LOGO_FILE/);
});

test('a file that is not there is named', () => {
  expect(() => readOperatorLogo(join(folder, 'nowhere.svg'))).toThrow(/nowhere\.svg can't be read/);
});
