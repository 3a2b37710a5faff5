/** The way from a member's token into the mailbox that is read. */
import { expect, test } from '@jest/globals';
import { accessToShared, graphAccessFor } from '../../src/sync/graphAccessFor.ts';

const ACCESS = { accessToken: 'a token', mailbox: 'me', memberId: 'mara' };
const CAREERS = { id: 'k7', address: 'careers@harborreed.example', closed: [] };

test('to what is their own it is the token itself', () => {
  expect(graphAccessFor([CAREERS], null, ACCESS)).toBe(ACCESS);
});

test('into a mailbox that they have named it leads by its address', () => {
  expect(graphAccessFor([CAREERS], 'k7', ACCESS)).toEqual({
    ...ACCESS,
    mailbox: 'users/careers%40harborreed.example',
  });
});

test('into one that is not named any more there is none', () => {
  expect(graphAccessFor([], 'k7', ACCESS)).toBeNull();
  expect(graphAccessFor([CAREERS], 'k8', ACCESS)).toBeNull();
});

test('an address that is no path cannot lead elsewhere', () => {
  expect(accessToShared(ACCESS, 'a/../b?c#d').mailbox).toBe('users/a%2F..%2Fb%3Fc%23d');
});
