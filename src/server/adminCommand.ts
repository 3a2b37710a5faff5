/**
 * `admin`: what an operator does from a shell, over the same use cases as the API.
 *
 * `admin keys create --name NAME --scopes SCOPES [--organizations IDS] [--expires DATE]` shows a new key once,
 * `admin keys list` names all of them, `admin keys revoke ID` ends one. `admin organizations` stands in a file of its own.
 *
 * Errors  `AdminCommandError` says what a command line lacks.
 */
import { z } from 'zod';
import { type ApiKeyPorts, createApiKey } from '../delivery/apiKeys.ts';
import { API_SCOPES } from '../domain/apiKeys.ts';
import { AdminCommandError } from './adminCommandError.ts';
import { type AdminOrganizationPorts, runOrganizations } from './adminOrganizations.ts';

const list = (text: string) => text.split(',').map((word) => word.trim());

const Description = z.object({
  name: z.string('--name says what the key is for').min(1).max(100),
  scopes: z
    .string(`--scopes lists what the key may do: ${API_SCOPES.join(', ')}`)
    .transform(list)
    .pipe(z.array(z.enum(API_SCOPES, `--scopes lists words of: ${API_SCOPES.join(', ')}`))),
  organizations: z
    .string()
    .transform(list)
    .pipe(z.array(z.uuid('--organizations lists tenant ids')))
    .optional(),
  expires: z
    .string()
    .transform((text) => new Date(text))
    .refine((date) => !Number.isNaN(date.getTime()), '--expires is a date, such as 2027-12-31')
    .optional(),
});

export type AdminPorts = ApiKeyPorts & AdminOrganizationPorts;
export type AdminOptions = Readonly<Record<string, string | undefined>>;

/** Answers the lines to print. */
export async function runAdmin(
  ports: AdminPorts,
  words: readonly string[],
  options: AdminOptions,
): Promise<readonly string[]> {
  const [subject, verb, id] = words;
  if (subject === 'keys' && verb === 'create') {
    return createKey(ports, options);
  }
  if (subject === 'keys' && verb === 'list') {
    return listKeys(ports);
  }
  if (subject === 'keys' && verb === 'revoke' && id !== undefined) {
    if (!(await ports.keys.revoke(id, ports.now()))) {
      throw new AdminCommandError(`There is no key ${id} that is still valid: admin keys list names all of them`);
    }
    return [`${id} is revoked.`];
  }
  const lines = subject === 'organizations' ? await runOrganizations(ports, verb, id) : null;
  if (lines === null) {
    throw new AdminCommandError(
      'use admin keys create, admin keys list, admin keys revoke ID, admin organizations list, admin organizations suspend ID, or admin organizations resume ID',
    );
  }
  return lines;
}

async function createKey(ports: ApiKeyPorts, options: AdminOptions): Promise<readonly string[]> {
  const parsed = Description.safeParse(options);
  if (!parsed.success) {
    throw new AdminCommandError(parsed.error.issues.map(({ message }) => message).join('\n'));
  }
  const { name, scopes, organizations = null, expires = null } = parsed.data;
  const { text } = await createApiKey(ports, {
    name,
    scopes,
    organizationIds: organizations,
    expiresAt: expires,
    allowedAddresses: null,
  });
  return [text, 'Keep it now: it is not shown again.'];
}

async function listKeys({ keys, now }: ApiKeyPorts): Promise<readonly string[]> {
  const at = now();
  const stored = await keys.list();
  return stored.map(({ id, name, scopes, organizationIds, expiresAt, revokedAt, lastUsedAt }) =>
    [
      id,
      name,
      revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt <= at ? 'expired' : 'valid',
      scopes.join(','),
      organizationIds?.join(',') ?? 'all organizations',
      lastUsedAt === null ? 'never used' : `used ${lastUsedAt.toISOString()}`,
    ].join('\t'),
  );
}
