/** Metrics for Prometheus: counts and times, never a tenant, a person or an id. */
import { collectDefaultMetrics, Counter, Registry } from 'prom-client';

export interface Metrics {
  countRound(outcome: 'done' | 'failed'): void;
  /** Attempts to send a webhook, by what became of them. */
  countWebhook(outcome: 'delivered' | 'gone' | 'busy' | 'failed'): void;
  /** Notifications that did not carry the secret of a subscription. */
  countRejectedNotifications(count: number): void;
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const rounds = new Counter({
    name: 'assent_rounds_total',
    help: 'Rounds over mailboxes, by how they ended',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const refused = new Counter({
    name: 'assent_notifications_refused_total',
    help: 'Change notifications that did not carry the secret of a subscription',
    registers: [registry],
  });
  const webhooks = new Counter({
    name: 'assent_webhook_attempts_total',
    help: 'Attempts to send a webhook, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return {
    countWebhook: (outcome) => {
      webhooks.inc({ outcome });
    },
    countRejectedNotifications: (count) => {
      refused.inc(count);
    },
    countRound: (outcome) => {
      rounds.inc({ outcome });
    },
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}
