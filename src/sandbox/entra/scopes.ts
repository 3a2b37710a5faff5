/**
 * Scopes as applications write them, as bare names.
 *
 * A request may name scopes of one resource only; `openid`, `profile`, `email` and `offline_access` belong to
 * every resource. The empty list stands for a request that names two.
 */
import { graphOf, type Registration } from './registration.ts';

const OF_EVERY_RESOURCE = ['openid', 'profile', 'email', 'offline_access'];

export function parseScopes(text: string, registration: Registration): readonly string[] {
  const names = text.split(' ').filter((name) => name !== '');
  const own = ownPrefixes(registration);
  const ofApi = names.filter((name) => own.some((prefix) => name.startsWith(prefix)));
  const ofGraph = names.filter((name) => !ofApi.includes(name) && !OF_EVERY_RESOURCE.includes(name));
  if (ofApi.length > 0 && ofGraph.length > 0) {
    return [];
  }
  return names.map((name) => {
    const prefix = own.find((candidate) => name.startsWith(candidate));
    return prefix === undefined ? name.replace(`${graphOf(registration)}/`, '') : name.slice(prefix.length);
  });
}

/** Entra names an API by its identifier or by its client id. */
function ownPrefixes({ applicationIdUri, clientId }: Registration): readonly string[] {
  return [`${applicationIdUri}/`, `${clientId}/`];
}

/** Whether the request is for the application's own API. */
export function isForOwnApi(text: string, registration: Registration): boolean {
  return text.split(' ').some((name) => ownPrefixes(registration).some((prefix) => name.startsWith(prefix)));
}
