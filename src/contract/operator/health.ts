/** How the installation does, on the wire of the operator's product. */
import { z } from 'zod';

const seconds = z.int().nonnegative();
const count = z.int().nonnegative();

export const HealthSchema = z
  .object({
    feedLagSeconds: seconds.meta({ description: 'How long the oldest change waits to be published.' }),
    mailboxes: z.object({
      due: count,
      oldestSeconds: seconds.meta({ description: 'For how long the one that has waited longest is due.' }),
    }),
    expiringSubscriptions: count.meta({ description: 'Change notifications of Microsoft’s that end within the hour.' }),
    failingStreams: z.record(z.string(), count).meta({ description: 'By what they fail with.' }),
    webhooks: z.object({
      endpoints: z.record(z.string(), count).meta({ description: 'By their state.' }),
      organizationsBehind: count.meta({ description: 'Of all endpoints: organizations with something to be sent.' }),
      setAside: count,
    }),
  })
  .meta({ id: 'Health' });
