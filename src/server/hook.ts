/** What runs before a route. One that has sent an answer says so by returning it: nothing else is called then. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;
