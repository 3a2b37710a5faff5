/** `/v1/organizations` and their members: who there is, and what holds for each. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  ListQuerySchema,
  MemberSchema,
  MembersSchema,
  OrganizationSchema,
  OrganizationsSchema,
} from '../../../contract/operator/organizations.ts';
import { MemberPathSchema, OrganizationPathSchema } from '../../../contract/operator/paths.ts';
import { refuse } from '../../../domain/problems.ts';
import { answer } from '../../answer.ts';
import { keyOf } from '../../authorizeKey.ts';
import { sendUnlessKnown } from '../../entityTag.ts';
import { operation } from '../../openApi.ts';
import { presentListedOrganization, presentMember } from '../../present/operatorOrganizations.ts';
import type { Services } from '../../services.ts';

export function registerOperatorOrganizations(app: FastifyInstance, services: Services): void {
  registerLists(app, services);
  registerOne(app, services);
}

function registerLists(app: FastifyInstance, { allowKey, organizations, people }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('read:organizations');

  const all = {
    schema: { ...LISTS_ALL, querystring: ListQuerySchema, response: { 200: OrganizationsSchema } },
    preHandler,
  };
  routes.get('/v1/organizations', all, async (request) => {
    const { after = null, limit } = request.query;
    const found = await organizations(keyOf(request).organizationIds, after, limit + 1);
    const page = found.slice(0, limit).map(presentListedOrganization);
    return { organizations: page, next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  });

  const members = {
    schema: {
      ...LISTS_MEMBERS,
      params: OrganizationPathSchema,
      querystring: ListQuerySchema,
      response: { 200: MembersSchema },
    },
    preHandler,
  };
  routes.get('/v1/organizations/:organizationId/members', members, async (request) => {
    const { after = '', limit } = request.query;
    const everyone = await people.facts(request.params.organizationId);
    const found = everyone
      .filter(({ member }) => member.memberId > after)
      .toSorted((one, other) => (one.member.memberId < other.member.memberId ? -1 : 1));
    const page = found.slice(0, limit).map(presentMember);
    return { members: page, next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
  });
}

function registerOne(app: FastifyInstance, { allowKey, organizations, people }: Services): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const preHandler = allowKey('read:organizations');

  const organization = {
    schema: {
      ...READS_ORGANIZATION,
      params: OrganizationPathSchema,
      response: { 200: OrganizationSchema, 304: z.void() },
    },
    preHandler,
  };
  routes.get('/v1/organizations/:organizationId', organization, async (request, reply) => {
    const [found] = await organizations([request.params.organizationId], null, 1);
    return answer(reply, found ?? refuse('not_found'), (one) =>
      sendUnlessKnown(request, reply, presentListedOrganization(one)),
    );
  });

  const member = {
    schema: { ...READS_MEMBER, params: MemberPathSchema, response: { 200: MemberSchema, 304: z.void() } },
    preHandler,
  };
  routes.get('/v1/organizations/:organizationId/members/:memberId', member, async (request, reply) => {
    const { organizationId, memberId } = request.params;
    const found = await people.person(organizationId, memberId);
    return answer(reply, found ?? refuse('not_found'), (one) => sendUnlessKnown(request, reply, presentMember(one)));
  });
}

const TAGGED = 'With an `ETag`: with `If-None-Match` it is not sent again while nothing changes.';
const LISTS_ALL = operation('Organizations', 'listOrganizations', {
  summary: 'The organizations that the key may see',
  description: 'By id.',
});
const LISTS_MEMBERS = operation('Organizations', 'listMembers', {
  summary: 'Who is known in an organization, and what holds for each',
  description: 'By id. `categories` says what is effective, who controls it and why.',
});
const READS_ORGANIZATION = operation('Organizations', 'getOrganization', {
  summary: 'One organization',
  description: TAGGED,
});
const READS_MEMBER = operation('Organizations', 'getMember', {
  summary: 'One person of an organization, and what holds for them',
  description: TAGGED,
});
