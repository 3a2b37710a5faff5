/** The roster, product roles, whose mailboxes service mode covers, and finding people and groups to choose. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { changeCoverage } from '../../consent/coverage.ts';
import { assignRole } from '../../consent/people.ts';
import {
  AppointmentSchema,
  CoverageChangeSchema,
  CoverageSchema,
  FoundGroupsSchema,
  FoundPeopleSchema,
  type Roster,
  RosterSchema,
} from '../../contract/api/people.ts';
import { requireProductRole } from '../authorize.ts';
import { presentCoverage, presentFoundGroups, presentFoundPeople } from '../present/administration.ts';
import { presentRoster } from '../present/roster.ts';
import { sendProblem } from '../problems.ts';
import type { Services } from '../services.ts';

export function registerPeople(app: FastifyInstance, services: Services): void {
  registerRoster(app, services);
  registerCoverage(app, services);
  registerSearch(app, services);
}

function registerRoster(app: FastifyInstance, services: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get('/api/organization/members', { schema: { response: { 200: RosterSchema } } }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    return principal === null ? reply : rosterOf(services, principal.tenantId);
  });
  const schema = { params: z.object({ id: z.uuid() }), body: AppointmentSchema, response: { 200: RosterSchema } };
  routes.patch('/api/organization/members/:id', { schema }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    if (principal === null) {
      return reply;
    }
    const { id } = request.params;
    const result = await assignRole(services.consent, principal, id.toLowerCase(), request.body.productRole);
    return result.kind === 'problem' ? sendProblem(reply, result.code) : rosterOf(services, principal.tenantId);
  });
}

async function rosterOf({ people }: Services, tenantId: string): Promise<Roster> {
  const roster = await people.roster(tenantId);
  return presentRoster(roster.people, roster.isComplete);
}

function registerCoverage(app: FastifyInstance, services: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/api/organization/coverage',
    { schema: { response: { 200: CoverageSchema } } },
    async (request, reply) => {
      const principal = await requireProductRole(services, request, reply);
      return principal === null ? reply : presentCoverage(await services.people.coverage(principal.tenantId));
    },
  );
  const schema = { body: CoverageChangeSchema, response: { 200: CoverageSchema } };
  routes.put('/api/organization/coverage', { schema }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    if (principal === null) {
      return reply;
    }
    const { coverage, canary, people } = request.body;
    const named = [...people, ...(canary === null ? [] : [canary])];
    const result = await changeCoverage(services.consent, principal, {
      coverage,
      canaryId: canary?.id ?? null,
      people: named.map(({ id, name }) => ({ memberId: id, name })),
    });
    return result.kind === 'problem'
      ? sendProblem(reply, result.code)
      : presentCoverage(await services.people.coverage(principal.tenantId));
  });
}

function registerSearch(app: FastifyInstance, services: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const querystring = z.strictObject({ search: z.string().max(100).default('') });
  const people = { querystring, response: { 200: FoundPeopleSchema } };
  routes.get('/api/organization/people', { schema: people }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    return principal === null
      ? reply
      : presentFoundPeople(await services.people.findPeople(principal.tenantId, request.query.search.trim()));
  });
  const groups = { querystring, response: { 200: FoundGroupsSchema } };
  routes.get('/api/organization/groups', { schema: groups }, async (request, reply) => {
    const principal = await requireProductRole(services, request, reply);
    return principal === null
      ? reply
      : presentFoundGroups(await services.people.findGroups(principal.tenantId, request.query.search.trim()));
  });
}
