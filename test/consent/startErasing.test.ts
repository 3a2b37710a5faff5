import { beforeEach, expect, test } from '@jest/globals';
import { startErasing } from '../../src/consent/startErasing.ts';
import type { Category } from '../../src/domain/categories/categories.ts';
import { AT } from '../support/storedRecords.ts';

const MARA = { tenantId: 'tenant', memberId: 'mara', connectionId: 'connection' };

let written: unknown[];

beforeEach(() => {
  written = [];
});

function start(...categories: readonly Category[]): Promise<string> {
  const note = (what: string) => (change: object) => {
    written.push([what, change]);
    return Promise.resolve();
  };
  const writer = {
    startErasure: note('erasure'),
    record: note('record'),
    storedCategories: () => Promise.resolve([]),
    startReview: () => Promise.reject(new Error('Nothing is reviewed by an erasure')),
  };
  const chance = { uuid: () => 'receipt', token: () => 'not used' };
  return startErasing({ chance }, writer, MARA, categories, AT);
}

test('each category is erased under one receipt, and the history tells it once, by the member', async () => {
  expect(await start('mail', 'files')).toBe('receipt');
  expect(written).toEqual([
    ['erasure', { ...MARA, category: 'mail', receiptId: 'receipt', at: AT }],
    ['erasure', { ...MARA, category: 'files', receiptId: 'receipt', at: AT }],
    [
      'record',
      {
        tenantId: 'tenant',
        at: AT,
        acts: [
          {
            actorId: 'mara',
            action: 'data.eraseStarted',
            target: 'receipt',
            detail: { categories: ['mail', 'files'] },
          },
        ],
      },
    ],
  ]);
});

test('the history comes last, so that it tells nothing that could not be begun', async () => {
  const failing = {
    startErasure: () => Promise.reject(new Error('The disk is full')),
    record: () => {
      written.push('record');
      return Promise.resolve();
    },
    storedCategories: () => Promise.resolve([]),
    startReview: () => Promise.resolve(),
  };
  const chance = { uuid: () => 'receipt', token: () => 'not used' };

  await expect(startErasing({ chance }, failing, MARA, ['mail'], AT)).rejects.toThrow('The disk is full');
  expect(written).toEqual([]);
});
