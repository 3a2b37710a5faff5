/** Starts a consent transaction and answers where it is opened: what every route does that asks Microsoft. */
import type { FastifyReply } from 'fastify';
import { createConsentTransaction } from '../../consent/createConsentTransaction.ts';
import type { Principal } from '../../domain/people.ts';
import type { ConsentRequest } from '../../domain/records.ts';
import { answer, detailed } from '../answer.ts';
import { presentStarted } from '../present/consents.ts';
import type { Services } from '../services.ts';

/** One that only lacks a directory role can still be handed to someone who has it. */
export async function beginConsent(
  { consent, publicUrl }: Services,
  reply: FastifyReply,
  principal: Principal,
  request: ConsentRequest,
): Promise<FastifyReply> {
  const result = await createConsentTransaction(consent, principal, request);
  const begun =
    'consent' in result ? detailed(result.code, { consent: presentStarted(publicUrl, result.consent) }) : result;
  return answer(reply, begun, (started) => reply.code(201).send(presentStarted(publicUrl, started)));
}
