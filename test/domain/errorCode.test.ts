import { expect, test } from '@jest/globals';
import { errorCode } from '../../src/domain/errorCode.ts';

test.each([
  [Object.assign(new Error('no space'), { code: 'ENOSPC' }), 'ENOSPC'],
  [{ code: '53100' }, '53100'],
  [{ code: 42 }, undefined],
  [new Error('plain'), undefined],
  ['ENOSPC', undefined],
  [null, undefined],
  [undefined, undefined],
])('of %p it is %p', (error, code) => {
  expect(errorCode(error)).toBe(code);
});
