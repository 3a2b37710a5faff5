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
import { answer } from '../answer.ts';
import { principalOf } from '../authorize.ts';
import { presentCoverage, presentFoundGroups, presentFoundPeople } from '../present/administration.ts';
import { presentRoster } from '../present/roster.ts';
import type { Services } from '../services.ts';

export function registerPeople(app: FastifyInstance, services: Services): void {
  registerRoster(app, services);
  registerCoverage(app, services);
  registerSearch(app, services);
}

function registerRoster(app: FastifyInstance, { allow, consent, people }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: RosterSchema };
  const present = async (tenantId: string): Promise<Roster> => {
    const roster = await people.roster(tenantId);
    return presentRoster(roster.people, roster.isComplete);
  };

  const roster = { schema: { response }, preHandler: allow.manager };
  routes.get('/api/organization/members', roster, async (request) => present(principalOf(request).tenantId));

  const appointment = {
    schema: { params: z.object({ id: z.uuid() }), body: AppointmentSchema, response },
    preHandler: allow.manager,
  };
  routes.patch('/api/organization/members/:id', appointment, async (request, reply) => {
    const principal = principalOf(request);
    const memberId = request.params.id.toLowerCase();
    const result = await assignRole(consent, principal, memberId, request.body.productRole);
    return answer(reply, result, () => present(principal.tenantId));
  });
}

function registerCoverage(app: FastifyInstance, { allow, consent, people }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const response = { 200: CoverageSchema };

  const coverage = { schema: { response }, preHandler: allow.manager };
  routes.get('/api/organization/coverage', coverage, async (request) =>
    presentCoverage(await people.coverage(principalOf(request).tenantId)),
  );

  const change = { schema: { body: CoverageChangeSchema, response }, preHandler: allow.manager };
  routes.put('/api/organization/coverage', change, async (request, reply) => {
    const principal = principalOf(request);
    const { canary, ...chosen } = request.body;
    const named = [...chosen.people, ...(canary === null ? [] : [canary])];
    const result = await changeCoverage(consent, principal, {
      coverage: chosen.coverage,
      canaryId: canary?.id ?? null,
      people: named.map(({ id, name }) => ({ memberId: id, name })),
    });
    return answer(reply, result, async () => presentCoverage(await people.coverage(principal.tenantId)));
  });
}

function registerSearch(app: FastifyInstance, { allow, people }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const querystring = z.strictObject({ search: z.string().max(100).default('') });

  const ofPeople = { schema: { querystring, response: { 200: FoundPeopleSchema } }, preHandler: allow.manager };
  routes.get('/api/organization/people', ofPeople, async (request) =>
    presentFoundPeople(await people.findPeople(principalOf(request).tenantId, request.query.search.trim())),
  );

  const ofGroups = { schema: { querystring, response: { 200: FoundGroupsSchema } }, preHandler: allow.manager };
  routes.get('/api/organization/groups', ofGroups, async (request) =>
    presentFoundGroups(await people.findGroups(principalOf(request).tenantId, request.query.search.trim())),
  );
}
