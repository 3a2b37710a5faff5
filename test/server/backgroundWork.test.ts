import { beforeEach, describe, expect, test } from '@jest/globals';
import { BackgroundWork } from '../../src/server/backgroundWork.ts';
import { openLog } from '../../src/server/log.ts';

describe('work that continues after an answer', () => {
  let background: BackgroundWork;
  let said: string[];

  beforeEach(() => {
    said = [];
    const log = openLog('warn', { write: (line) => said.push(line) });
    background = new BackgroundWork(log);
  });

  test('is awaited, with what it starts in turn', async () => {
    const ended: string[] = [];
    const first = Promise.withResolvers<undefined>();
    background.start('the first', async () => {
      await first.promise;
      background.start('the second', async () => {
        await Promise.resolve();
        ended.push('second');
      });
      ended.push('first');
    });
    const idle = background.whenIdle().then(() => ended.push('idle'));
    first.resolve(undefined);
    await idle;

    expect(ended).toEqual(['first', 'second', 'idle']);
    expect(said).toEqual([]);
  });

  test('fails in the log alone, by name', async () => {
    background.start('ending subscriptions', () => Promise.reject(new TypeError('mara.ellis@harborreed.example')));
    await background.whenIdle();

    expect(said.map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 40, msg: 'ending subscriptions failed' }),
    ]);
    expect(said.join('')).not.toContain('mara');
  });

  test('is idle when nothing was started', async () => {
    await expect(background.whenIdle()).resolves.toBeUndefined();
  });
});
