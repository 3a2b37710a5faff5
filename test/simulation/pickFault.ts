/** A fault of the sandbox's script, drawn by chance. */
import { Fault } from '../../src/sandbox/control/faults.ts';
import type { Chance } from './random.ts';

const ACTIONS = [
  'status',
  'cut',
  'duplicate',
  'expire-cursor',
  'throttle',
  'loop',
  'link',
  'delay',
  'partial',
  'heavy',
  'endless',
] as const;
const PATHS = ['.', 'messages/delta', 'mailFolders/delta', 'calendar', 'contact', 'todo', 'drive', 'subscriptions'];
const STATUSES = [400, 401, 403, 404, 500, 502, 503, 504];

export function drawFault(chance: Chance): { readonly fault: Fault; readonly what: string } {
  const action = chance.pick(ACTIONS);
  const path = chance.pick(PATHS);
  const status = chance.pick(STATUSES);
  const times = 1 + chance.below(4);
  const fault = Fault.parse({
    match: { path },
    nth: 1 + chance.below(3),
    times,
    action,
    ...(action === 'status' ? { status } : {}),
    ...(action === 'throttle' ? { retryAfterSeconds: chance.pick([0, 1, 30, 600]) } : {}),
    ...(action === 'link'
      ? { link: chance.pick(['https://evil.example/v1.0/me/messages', '/v1.0/users/x/messages']) }
      : {}),
    ...(action === 'delay' ? { delayMilliseconds: 20_000 } : {}),
    ...(action === 'partial' ? { fields: chance.pick([[], ['isRead', 'parentFolderId'], ['subject', 'start']]) } : {}),
    ...(action === 'heavy' ? { maxBytes: chance.pick([300, 1_500, 4_000]) } : {}),
  });
  return { fault, what: `fault: ${action} ${path} ×${times}` };
}
