/** Webhooks, on the wire of the operator's product: endpoints, and what was sent to each. */
import { z } from 'zod';
import { DISABLED_REASON_WORDS, ENDPOINT_STATES } from '../../domain/webhookLife.ts';
import { CHOSEN_EVENTS, DELIVERY_STATES, WEBHOOK_EVENTS, WEBHOOK_PAYLOADS } from '../../domain/webhooks.ts';

const MAX_ORGANIZATIONS = 1_000;
const MAX_HEADERS = 5;
const MAX_HEADER_LENGTH = 1_000;
const MAX_LINGER = 5_000;
const MAX_IN_FLIGHT = 50;
const MAX_OVERLAP_HOURS = 168;
const MAX_LISTED = 200;

const ALL = '*';

const events = z
  .array(z.enum([ALL, ...CHOSEN_EVENTS]))
  .min(1)
  .max(CHOSEN_EVENTS.length + 1)
  .transform((chosen) => {
    const named = CHOSEN_EVENTS.filter((event) => chosen.includes(event));
    return chosen.includes(ALL) ? null : named;
  })
  .meta({
    description: `Of ${CHOSEN_EVENTS.join(', ')}; "*" for all. What must not be missed is sent whatever is chosen.`,
  });

const organizationIds = z
  .array(z.uuid().toLowerCase())
  .min(1)
  .max(MAX_ORGANIZATIONS)
  .nullable()
  .meta({ description: 'null: every organization.' });

/** Those that say who calls; everything else is ours. */
const headers = z
  .record(
    z
      .string()
      .toLowerCase()
      .regex(/^(?:authorization|x-[a-z0-9-]{1,60})$/, 'must be authorization, or begin with x-'),
    z
      .string()
      .max(MAX_HEADER_LENGTH)
      .regex(/^[\x20-\x7e]*$/, 'must be visible ASCII'),
  )
  .refine((given) => Object.keys(given).length <= MAX_HEADERS, `can be at most ${MAX_HEADERS}`);

const url = z.string().min(1).max(2_048);
const payload = z.enum(WEBHOOK_PAYLOADS).meta({
  description: 'changes: which items changed; hint: only how far the feed has come.',
});
const linger = z
  .int()
  .min(0)
  .max(MAX_LINGER)
  .meta({ description: 'Milliseconds for which changes are collected before they are sent.' });
const maxInFlight = z.int().min(1).max(MAX_IN_FLIGHT).meta({ description: 'Requests at once.' });

export const NewEndpointSchema = z.strictObject({
  url,
  events: events.optional(),
  organizationIds: organizationIds.optional(),
  payload: payload.default('changes'),
  linger: linger.default(250),
  maxInFlight: maxInFlight.default(10),
  headers: headers.default({}),
});

export const EndpointChangeSchema = z.strictObject({
  url: url.optional(),
  events: events.optional(),
  organizationIds: organizationIds.optional(),
  payload: payload.optional(),
  linger: linger.optional(),
  maxInFlight: maxInFlight.optional(),
  headers: headers.optional(),
});

export const EndpointSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(z.enum([ALL, ...WEBHOOK_EVENTS])),
    organizationIds: z.array(z.string()).nullable(),
    payload,
    linger,
    maxInFlight,
    headerNames: z.array(z.string()).meta({ description: 'What they hold is not shown again.' }),
    state: z.enum(ENDPOINT_STATES).meta({
      description:
        'failing: it takes nothing, and is tried on the schedule; disabled: it has taken nothing for all of it, or wants nothing any more.',
    }),
    disabledReason: z.enum(DISABLED_REASON_WORDS).nullable(),
    failures: z.int().meta({ description: 'In a row.' }),
    failingSince: z.iso.datetime().nullable(),
    nextTryAt: z.iso.datetime().nullable(),
    succeededAt: z.iso.datetime().nullable(),
    secretsUntil: z
      .array(z.iso.datetime())
      .meta({ description: 'Until when secrets that were replaced sign beside the newest one.' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'WebhookEndpoint' });
export type EndpointDocument = z.infer<typeof EndpointSchema>;

export const EndpointsSchema = z.object({ endpoints: z.array(EndpointSchema) });

export const MadeEndpointSchema = z.object({
  endpoint: EndpointSchema,
  secret: z.string().meta({ description: 'Shown once: signatures are verified with it.' }),
});

export const EndpointPathSchema = z.strictObject({ endpointId: z.string().max(100) });
export const DeliveryPathSchema = EndpointPathSchema.extend({ deliveryId: z.string().max(100) });

export const RotationSchema = z.strictObject({
  overlapHours: z
    .int()
    .min(0)
    .max(MAX_OVERLAP_HOURS)
    .default(24)
    .meta({ description: 'For so long the secret before signs as well.' }),
});

export const WebhookTestSchema = z.object({
  status: z.int().nullable(),
  milliseconds: z.int(),
  tlsVersion: z.string().nullable(),
  error: z.string().nullable().meta({ description: 'Why there was no answer.' }),
  excerpt: z.string().nullable(),
});

export const DeliveriesQuerySchema = z.strictObject({
  state: z.enum(DELIVERY_STATES).optional(),
  organizationId: z.uuid().toLowerCase().optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  cursor: z.string().max(500).optional().meta({ description: 'The `next` of the page before.' }),
  limit: z.coerce.number().int().min(1).max(MAX_LISTED).default(50),
});

export const DeliverySchema = z
  .object({
    id: z.string(),
    webhookId: z.string().meta({ description: 'What every try of it carries as webhook-id.' }),
    event: z.enum(WEBHOOK_EVENTS),
    organizationId: z.string().nullable(),
    from: z.int().nullable(),
    to: z.int().nullable(),
    state: z.enum(DELIVERY_STATES).meta({
      description:
        'retrying: what follows waits for it; waiting: set aside, and tried by itself; failed: not tried any more.',
    }),
    dueAt: z.iso.datetime().nullable(),
    tries: z.array(
      z.object({
        at: z.iso.datetime(),
        status: z.int().nullable(),
        milliseconds: z.int(),
        error: z.string().nullable(),
        excerpt: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });
export type DeliveryDocument = z.infer<typeof DeliverySchema>;

export const DeliveriesSchema = z.object({
  deliveries: z.array(DeliverySchema),
  next: z.string().nullable().meta({ description: 'null at the end.' }),
});

export const ReplaySchema = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }).optional(),
  organizationId: z.uuid().toLowerCase().optional(),
  only: z
    .enum(['failed', 'all'])
    .default('failed')
    .meta({ description: 'failed: what was set aside and not taken; all: everything that the feed still has.' }),
});

export const ReplayedSchema = z.object({
  again: z.int().meta({ description: 'Organizations (all), or deliveries (failed), that are sent again.' }),
});
