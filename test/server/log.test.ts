import { expect, test } from '@jest/globals';
import { describeError } from '../../src/server/log.ts';
import { explainFailure } from '../../src/server/failure.ts';
import { SettingsError } from '../../src/server/settings.ts';

test('SEC-08 a logged error keeps name, code and place, and none of the words of other systems', () => {
  const error = new Error('AADSTS50173: mara.ellis@harborreed.example presented 0.AXoA-secret', {
    cause: new Error('Bearer eyJhbGciOi'),
  });

  const line = JSON.stringify(describeError(error));
  expect(line).toContain('"name":"Error"');
  expect(line).not.toMatch(/mara|secret|Bearer|AADSTS/);
});

test('a failed start says the variable and the remedy', () => {
  const text = explainFailure(new SettingsError([{ variable: 'PORT', remedy: 'must be a port number' }]));

  expect(text).toContain('PORT must be a port number');
});

test('a full disk is said in one line, also when it lies beneath', () => {
  const cause = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

  expect(explainFailure(new Error('The database cannot be opened', { cause }))).toBe(
    'Assent stopped: The disk is full: free some space and start again. Nothing was lost.',
  );
});
