/**
 * rclone lists and downloads a person's drive from the sandbox, as it does from OneDrive: in a mount namespace of its own,
 * where Microsoft's name leads to this machine.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createWorld, HARBOR_REED, PEOPLE, readField, type World } from '../support/createWorld.ts';

/** An address of this machine where nothing else listens. */
const ADDRESS = '127.0.0.77';
const TIMEOUT_MILLISECONDS = 60_000;

let world: World;
let forward: Server;
let folder: string;

beforeAll(async () => {
  world = await createWorld({ startWorker: false });
  folder = await mkdtemp(join(tmpdir(), 'assent-rclone-'));
  forward = createServer((socket) => {
    const onward = connect(world.port, '127.0.0.1');
    socket.pipe(onward).pipe(socket);
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    forward.once('error', reject).listen(443, ADDRESS, resolve);
  });
});
afterAll(async () => {
  await new Promise((resolve) => forward.close(resolve));
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

test('lists a drive with its folders, and downloads what is in it', async () => {
  await world.control('POST', '/grants', { tenant: HARBOR_REED, for: PEOPLE.mara, scopes: ['Files.Read'] });
  const token = await world.token(PEOPLE.mara, { audience: 'graph' });
  const made = await world.control('POST', '/files', { to: PEOPLE.mara, name: 'Board', isFolder: true });
  await world.control('POST', '/files', { to: PEOPLE.mara, name: 'Shortlist.txt', folder: readField(made.body, 'id') });
  const drive = await world.request('/v1.0/me/drive', { headers: { authorization: `Bearer ${token}` } });
  const config = await configFor(token, readField(drive.body, 'id'));
  const listed = JSON.parse(await rclone(config, 'lsjson', '--recursive', 'person:'));
  await rclone(config, 'copy', 'person:Board', join(folder, 'copied'));

  expect(listed).toContainEqual(expect.objectContaining({ Path: 'Board', IsDir: true }));
  expect(listed).toContainEqual(expect.objectContaining({ Path: 'Board/Shortlist.txt', Size: 29, IsDir: false }));
  expect(await readdir(join(folder, 'copied'))).toEqual(['Shortlist.txt']);
  expect(await readFile(join(folder, 'copied', 'Shortlist.txt'), 'utf8')).toBe('The content of Shortlist.txt\n');
});

async function configFor(token: string, driveId: string): Promise<string> {
  const config = join(folder, 'rclone.conf');
  const held = { access_token: token, token_type: 'Bearer', refresh_token: '', expiry: '2099-01-01T00:00:00Z' };
  const lines = [
    'type = onedrive',
    `drive_id = ${driveId}`,
    'drive_type = business',
    `token = ${JSON.stringify(held)}`,
  ];
  await writeFile(config, ['[person]', ...lines, ''].join('\n'));
  return config;
}

/** In a namespace where `graph.microsoft.com` is this machine; nothing outside of it changes. */
async function rclone(config: string, ...words: readonly string[]): Promise<string> {
  const hosts = join(folder, 'hosts');
  await writeFile(hosts, `127.0.0.1 localhost\n${ADDRESS} graph.microsoft.com\n`);
  const command = [
    'rclone',
    '--config',
    config,
    '--ca-cert',
    world.env['TRUSTED_CA_FILE'] ?? '',
    '--retries',
    '1',
    ...words,
  ];
  const { stdout } = await promisify(execFile)(
    'unshare',
    ['--mount', 'sh', '-c', `mount --bind "$0" /etc/hosts && exec "$@"`, hosts, ...command],
    { timeout: TIMEOUT_MILLISECONDS },
  );
  return stdout;
}
