/** Addresses that webhooks may not go to, in every notation. */
import { expect, test } from '@jest/globals';
import { isLinkLocal, isPublicAddress } from '../../src/outbound/publicAddress.ts';

test.each(['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.1', '192.167.1.1', '2606:4700::1111', '2a00::1'])(
  '%s is on the internet',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test('where a cloud tells a machine what it is stays closed', () => {
  expect(['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1', 'fd00:ec2::254'].map(isLinkLocal)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['127.0.0.1', '10.0.0.1', '::1', 'fd00::1'].map(isLinkLocal)).toEqual([false, false, false, false]);
});

test('what is no address is none of the internet', () => {
  expect(isPublicAddress('')).toBe(false);
  expect(isPublicAddress('hooks.example.com')).toBe(false);
});
