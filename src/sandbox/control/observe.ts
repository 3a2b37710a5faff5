/** Every request to Microsoft's side is logged, and meets the fault script before its answer and on its way back. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { act, alterAnswer, type Fault, type FaultScript } from './faults.ts';
import type { RequestLog } from './requestLog.ts';

export interface Watch {
  readonly faults: FaultScript;
  readonly log: RequestLog;
  readonly now: () => Date;
  /** Lets an answer be late. */
  readonly stall: (milliseconds: number) => Promise<void>;
}

export function observe(scope: FastifyInstance, target: 'entra' | 'graph', { faults, log, now, stall }: Watch): void {
  const met = new WeakMap<FastifyRequest, Fault>();
  scope.addHook('onRequest', async (request, reply) => {
    const at = now().toISOString();
    reply.raw.once('close', () => {
      const { method, url, headers } = request;
      log.add({ at, target, method, url, status: reply.raw.statusCode }, headers);
    });
    const fault = faults.take(request.method, request.url);
    if (fault !== null) {
      met.set(request, fault);
    }
    return fault !== null && (await act(fault, request, reply, stall)) ? reply : undefined;
  });
  scope.addHook('onSend', async (request, reply, payload) => {
    const fault = met.get(request);
    if (fault === undefined || typeof payload !== 'string') {
      return payload;
    }
    if (fault.action === 'hold') {
      await faults.hold(fault.delayMilliseconds ?? 1_000);
    }
    const altered = alterAnswer(fault, request.url, payload);
    if (altered.status !== undefined) {
      void reply.code(altered.status).removeHeader('content-length');
    }
    return altered.payload;
  });
}
