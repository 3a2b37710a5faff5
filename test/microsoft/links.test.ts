/** SYN-10 A link of Graph's is followed in the mailbox that it was asked for only. */
import { describe, expect, test } from '@jest/globals';
import { namesMailbox, withAddress, withoutAddress } from '../../src/microsoft/graph/links.ts';

const MARA = '7c2a9e10-0001-4c3d-8e5f-100000000001';
const TOM = '7c2a9e10-0002-4c3d-8e5f-100000000002';

describe("with the application's own token", () => {
  const access = { accessToken: 'a token', mailbox: `users/${MARA}`, memberId: MARA };

  test.each([
    `users/${MARA}/mailFolders/inbox/messages/delta`,
    `users('${MARA}')/mailFolders('inbox')/messages/delta`,
    `users(%27${MARA}%27)/messages/delta`,
    `Users('${MARA.toUpperCase()}@9f2c6b1e-4d3a-4f7b-8c21-5e6a7d8b9c01')/messages/delta`,
    'drives/b!abc/root/delta',
  ])('%s goes on', (path) => {
    expect(namesMailbox(access, path)).toBe(true);
  });

  test.each([
    `users/${TOM}/mailFolders/inbox/messages/delta`,
    `users('${TOM}')/messages/delta`,
    `users/${MARA}0/messages/delta`,
    `users/${MARA}`,
    'users/tom@harborreed.example/messages/delta',
    'me/messages/delta',
    `groups/${MARA}/events`,
    `users%2f${MARA}/messages`,
    '',
  ])('%s does not', (path) => {
    expect(namesMailbox(access, path)).toBe(false);
  });
});

test("with a member's token it is theirs, under either name", () => {
  const access = { accessToken: 'a token', mailbox: 'me', memberId: MARA };

  expect(namesMailbox(access, 'me/messages/delta')).toBe(true);
  expect(namesMailbox(access, `users('${MARA}')/messages/delta`)).toBe(true);
  expect(namesMailbox(access, `users/${TOM}/messages/delta`)).toBe(false);
  expect(namesMailbox(access, 'meetings/messages')).toBe(false);
});

test("with a member's token in a mailbox of others it is that one, by its address or by an id", () => {
  const access = { accessToken: 'a token', mailbox: 'users/careers%40harborreed.example', memberId: MARA };

  expect(namesMailbox(access, 'users/careers%40harborreed.example/messages/delta')).toBe(true);
  expect(namesMailbox(access, "users('Careers@harborreed.example')/mailFolders('inbox')/messages/delta")).toBe(true);
  expect(namesMailbox(access, `users('${TOM}')/messages/delta`)).toBe(true);
  expect(namesMailbox(access, 'users/owen.park@harborreed.example/messages/delta')).toBe(false);
  expect(namesMailbox(access, 'users/careers@harborreed.example.evil.example/messages/delta')).toBe(false);
  expect(namesMailbox(access, 'users/%E0%A4%A/messages/delta')).toBe(false);
  expect(namesMailbox(access, 'me/messages/delta')).toBe(false);
});

test('an address with a quote is written twice in a key', () => {
  const access = { accessToken: 'a token', mailbox: "users/o'brien%40harborreed.example", memberId: MARA };

  expect(namesMailbox(access, "users('o''brien%40harborreed.example')/messages/delta")).toBe(true);
  expect(namesMailbox(access, "users('o'brien%40harborreed.example')/messages/delta")).toBe(true);
});

test.each([
  'https://graph.test/v1.0/users/careers%40harborreed.example/mailFolders/inbox/messages/delta?$deltatoken=x',
  "https://graph.test/v1.0/users('careers@harborreed.example')/mailFolders('inbox')/messages/delta?$deltatoken=x",
])('%s is kept without the address, and leads to the same mailbox again', (link) => {
  const access = { accessToken: 'a token', mailbox: 'users/careers%40harborreed.example', memberId: MARA };
  const kept = withoutAddress(access, link);
  const again = withAddress(access, kept);

  expect(kept).not.toMatch(/careers|harborreed/);
  expect(again).toMatch(/v1\.0\/users\/careers%40harborreed\.example\/mailFolders/);
  expect(again.split('?')[1]).toBe('$deltatoken=x');
});

test("a link into the member's own mailbox is kept as it is", () => {
  const access = { accessToken: 'a token', mailbox: 'me', memberId: MARA };
  const link = `https://graph.test/v1.0/users/${MARA}/messages/delta?$deltatoken=x`;

  expect(withoutAddress(access, link)).toBe(link);
});
