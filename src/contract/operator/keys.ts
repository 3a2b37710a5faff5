/** API keys, on the wire of the operator's product: what each may do, and whether it is still used. */
import { z } from 'zod';
import { API_SCOPES } from '../../domain/apiKeys.ts';

const MAX_ORGANIZATIONS = 1_000;
const MAX_ADDRESSES = 100;

const scopes = z.array(z.enum(API_SCOPES)).min(1).max(API_SCOPES.length);
const address = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'must be an address, or a network such as 10.0.0.0/8',
);

export const NewKeySchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^\p{C}]*$/u, 'must be text of one line'),
  scopes: scopes.meta({ description: 'None that the key which makes it doesn’t have.' }),
  organizationIds: z
    .array(z.uuid().toLowerCase())
    .min(1)
    .max(MAX_ORGANIZATIONS)
    .optional()
    .meta({ description: 'Without it, those of the key that makes it.' }),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  allowedAddresses: z
    .array(address)
    .min(1)
    .max(MAX_ADDRESSES)
    .optional()
    .meta({ description: 'Addresses and networks from which it may be used; without it, all.' }),
});

export const KeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scopes,
    organizationIds: z.array(z.string()).nullable().meta({ description: 'null: every organization.' }),
    expiresAt: z.iso.datetime().nullable(),
    allowedAddresses: z.array(z.string()).nullable(),
  })
  .meta({ id: 'ApiKey' });

export const ListedKeySchema = KeySchema.extend({
  createdAt: z.iso.datetime(),
  madeBy: z.string().nullable().meta({ description: 'The id of the key that made it; null: the command did.' }),
  revokedAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable().meta({ description: 'To the minute.' }),
}).meta({ id: 'ListedApiKey' });

export const KeysSchema = z.object({ keys: z.array(ListedKeySchema) });

export const MadeKeySchema = z.object({
  key: KeySchema,
  text: z.string().meta({ description: 'The key itself, shown once.' }),
});

export const KeyPathSchema = z.strictObject({ keyId: z.string().max(100) });
