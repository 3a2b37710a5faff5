/**
 * Scopes as applications write them, as bare names.
 *
 * A request may name scopes of one resource only; `openid`, `profile`, `email` and `offline_access` belong to
 * every resource. The empty list stands for a request that names two.
 */
import type { Registration } from './registration.ts';

const GRAPH = 'https://graph.microsoft.com/';
const OF_EVERY_RESOURCE = ['openid', 'profile', 'email', 'offline_access'];

export function parseScopes(text: string, registration: Registration): readonly string[] {
  const names = text.split(' ').filter((name) => name !== '');
  const own = `${registration.applicationIdUri}/`;
  const ofApi = names.filter((name) => name.startsWith(own));
  const ofGraph = names.filter((name) => !name.startsWith(own) && !OF_EVERY_RESOURCE.includes(name));
  if (ofApi.length > 0 && ofGraph.length > 0) {
    return [];
  }
  return names.map((name) => (name.startsWith(own) ? name.slice(own.length) : name.replace(GRAPH, '')));
}

/** Whether the request is for the application's own API. */
export function isForOwnApi(text: string, registration: Registration): boolean {
  return text.includes(`${registration.applicationIdUri}/`) || text.includes(`${registration.clientId}/`);
}
