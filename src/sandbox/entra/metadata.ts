/** Discovery and the key set. Source: "OpenID Connect on the Microsoft identity platform". */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { EntraContext } from './authorize.ts';
import { errorBody, REFUSALS } from './errors.ts';

const ANY_TENANT = ['common', 'organizations'];

export function registerMetadata(app: FastifyInstance, context: EntraContext, origin: string): void {
  const tenantOf = (params: unknown) => z.object({ tenant: z.string() }).parse(params).tenant;
  app.get('/:tenant/v2.0/.well-known/openid-configuration', async (request, reply) => {
    const name = tenantOf(request.params);
    const tenant = context.world.findTenant(name);
    void reply.header('access-control-allow-origin', '*');
    if (tenant === undefined && !ANY_TENANT.includes(name)) {
      return reply.code(400).send(errorBody(REFUSALS.tenantUnknown, context.now()));
    }
    return reply.send({
      ...metadata(origin, name, tenant?.id ?? '{tenantid}'),
      ...(tenant?.cloud === 'usGovernment' ? US_GOVERNMENT : {}),
    });
  });
  app.get('/:tenant/discovery/v2.0/keys', async (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(context.tokens.keySet()),
  );
}

/** As the public authority describes a tenant of GCC High; the fields are not documented, and long stable. */
const US_GOVERNMENT = {
  tenant_region_scope: 'USGov',
  tenant_region_sub_scope: 'DODCON',
  cloud_instance_name: 'microsoftonline.us',
  cloud_graph_host_name: 'graph.windows.net',
  msgraph_host: 'graph.microsoft.us',
};

function metadata(origin: string, name: string, issuerTenant: string): object {
  const base = `${origin}/${name}`;
  return {
    issuer: `${origin}/${issuerTenant}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    response_types_supported: ['code', 'id_token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce', 'name', 'tid', 'oid', 'preferred_username'],
    tenant_region_scope: 'NA',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
  };
}
