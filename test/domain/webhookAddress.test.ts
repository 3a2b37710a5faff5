/** Which addresses can be named for webhooks, and which say by themselves that they lead where they may not. */
import { describe, expect, test } from '@jest/globals';
import { faultOf, hostOf } from '../../src/domain/webhookAddress.ts';

const HTTPS = 'must begin with https://';
const WHOLE = 'must name a host in full, such as hooks.example.com';
const FORM = 'must be an https address of at most 2048 characters';
const BARE = 'must carry neither a name, nor a password, nor a fragment';

test.each([
  'https://hooks.example.com/assent',
  'https://hooks.example.com:8443/assent?for=crm',
  'https://hooks.example.com:443/',
  'https://bücher.example/hook',
])('%s can be named', (text) => {
  expect(faultOf(text, [])).toBeNull();
});

test.each([
  ['nothing', FORM],
  ['', FORM],
  ['https://', FORM],
  ['https://hooks.example.com/\u0000', FORM],
  ['https://hooks.example.com/\r\nx: y', FORM],
  ['https://hooks.example.com/a b', FORM],
  [`https://hooks.example.com/${'a'.repeat(2_048)}`, FORM],
  ['https://user@hooks.example.com/', BARE],
  ['https://:secret@hooks.example.com/', BARE],
  ['https://hooks.example.com/#part', BARE],
  ['http://hooks.example.com/', HTTPS],
  ['ftp://hooks.example.com/', HTTPS],
  ['file:///etc/passwd', HTTPS],
  ['https://hooks.example.com:22/', 'must use port 443, or one from 1024 on'],
  ['https://hooks.example.com:80/', 'must use port 443, or one from 1024 on'],
  ['https://127.0.0.1/', WHOLE],
  ['https://127.1/', WHOLE],
  ['https://0x7f.1/', WHOLE],
  ['https://0177.0.0.1/', WHOLE],
  ['https://2130706433/', WHOLE],
  ['https://①②⑦.0.0.1/', WHOLE],
  ['https://127。0。0。1/', WHOLE],
  ['https://8.8.8.8/', WHOLE],
  ['https://[::1]/', WHOLE],
  ['https://[::ffff:7f00:1]/', WHOLE],
  ['https://[64:ff9b::7f00:1]/', WHOLE],
  ['https://localhost/', WHOLE],
  ['https://localhost./', WHOLE],
  ['https://hooks.localhost/', WHOLE],
  ['https://hooks.example.com./', WHOLE],
  ['https://intranet/', WHOLE],
])('%j can not: it %s', (text, fault) => {
  expect(faultOf(text, [])).toBe(fault);
});

describe('a host of the operator', () => {
  const allowed = ['127.0.0.1:4010', 'hooks.internal:443', 'hooks.internal:80'];

  test.each(['http://127.0.0.1:4010/hook', 'https://hooks.internal/', 'http://hooks.internal/'])(
    'can be named as %s',
    (text) => {
      expect(faultOf(text, allowed)).toBeNull();
    },
  );

  test.each([
    ['http://127.0.0.1:4011/', HTTPS],
    ['http://hooks.internal:8080/', HTTPS],
    ['https://other.internal.:443/', WHOLE],
    ['https://me@hooks.internal/', BARE],
    ['ftp://hooks.internal:443/', HTTPS],
  ])('does not let %s in', (text, fault) => {
    expect(faultOf(text, allowed)).toBe(fault);
  });

  test.each([
    ['https://a.example', 'a.example:443'],
    ['http://a.example', 'a.example:80'],
    ['https://a.example:8443', 'a.example:8443'],
  ])('of %s is %s', (text, host) => {
    expect(hostOf(new URL(text))).toBe(host);
  });
});
