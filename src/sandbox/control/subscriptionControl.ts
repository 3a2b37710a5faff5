/** What Microsoft does to subscriptions by itself: lifecycle events, shorter lives, and silence. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { LIFECYCLE_EVENTS, presentSubscription } from '../graph/subscriptions.ts';
import type { ControlContext } from './controlContext.ts';
import { accountOf } from './named.ts';

export function registerSubscriptionControl(app: FastifyInstance, { world, subscriptions }: ControlContext): void {
  const Person = z.object({ upn: z.string() });
  const upnIn = (params: unknown) => accountOf(world, Person.parse(params).upn).person.upn;
  app.get('/sandbox/control/subscriptions/:upn', (request) => ({
    subscriptions: subscriptions.of(upnIn(request.params)).map(presentSubscription),
  }));
  const Event = z.strictObject({ lifecycleEvent: z.enum(LIFECYCLE_EVENTS) });
  app.post('/sandbox/control/subscriptions/:upn', async (request) => {
    const { lifecycleEvent } = Event.parse(request.body);
    const told = subscriptions.of(upnIn(request.params));
    for (const subscription of told) {
      await subscriptions.lifecycle(subscription, lifecycleEvent);
    }
    return { told: told.length };
  });
  /** They are gone, and no one is told. */
  app.delete('/sandbox/control/subscriptions/:upn', (request) => {
    const gone = subscriptions.of(upnIn(request.params));
    gone.forEach(({ id }) => {
      subscriptions.remove(id);
    });
    return { removed: gone.length };
  });
  const Life = z.strictObject({ lifeMinutes: z.number().positive().nullable() });
  app.put('/sandbox/control/subscription-life', (request) => {
    const { lifeMinutes } = Life.parse(request.body);
    world.setSubscriptionLife(lifeMinutes === null ? null : lifeMinutes * 60_000);
    return { lifeMinutes };
  });
}
