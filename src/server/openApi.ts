/**
 * The document of the operator's API, from the schemas that validate it, and a page that shows it.
 *
 * Source  OpenAPI 3.1. `/docs` is Swagger UI from this server, under a policy that lets nothing in from anywhere else.
 */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { ProblemSchema } from '../contract/api/problem.ts';

const PREFIX = '/v1/';

/** Swagger UI sets styles of elements; everything else comes from this server. */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

type ZodToJson = NonNullable<NonNullable<Parameters<typeof createJsonSchemaTransform>[0]>['zodToJsonConfig']>;

/** Answers may get more members, and integers have the bounds that they were given. */
const ZOD_TO_JSON: ZodToJson = {
  override: ({ zodSchema, jsonSchema }) => {
    const { def } = zodSchema._zod;
    if (def.type === 'object' && !('catchall' in def && def.catchall !== undefined)) {
      delete jsonSchema.additionalProperties;
    }
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
      delete jsonSchema.maximum;
    }
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
      delete jsonSchema.minimum;
    }
  },
};
const toJson = createJsonSchemaTransform({ zodToJsonConfig: ZOD_TO_JSON });
const toJsonDocument = createJsonSchemaTransformObject({ zodToJsonConfig: ZOD_TO_JSON });

/** What a route of the operator's API is called, and what it is for. */
export interface OperationText {
  readonly summary: string;
  readonly description?: string;
}

/** The part of a route's schema that only the document has. */
export function operation(tag: string, operationId: string, text: OperationText) {
  return { tags: [tag], operationId, ...text };
}

/** Before the routes are registered, which it watches. `isOpen`: whether the document is served. */
export async function openOpenApi(app: FastifyInstance, publicUrl: string, isOpen: boolean): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Assent for operators',
        version: '1',
        description:
          'What people in Microsoft 365 share with your product: a feed of changes, and the items as they are now.',
      },
      servers: [{ url: publicUrl }],
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: (document) => {
      const transformed = toJson(withProblem(document));
      return document.url.startsWith(PREFIX)
        ? transformed
        : { ...transformed, schema: { ...transformed.schema, hide: true } };
    },
    transformObject: (document) => withoutUnused(toJsonDocument(document)),
  });
  if (isOpen) {
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: POLICY,
      theme: { title: 'Assent for operators' },
      // Its bar has the sign of another product, and asks for addresses of other documents.
      uiConfig: { layout: 'BaseLayout', validatorUrl: null, deepLinking: true, defaultModelsExpandDepth: 0 },
    });
  }
}

type Whole = ReturnType<typeof toJsonDocument>;

/** A schema that has a name is there for requests as well, whether or not one has it. */
function withoutUnused(document: Whole): Whole {
  const text = JSON.stringify(document);
  const schemas: unknown = 'components' in document ? document.components?.schemas : undefined;
  const unused = Object.keys(Object(schemas)).filter((name) => !text.includes(`#/components/schemas/${name}"`));
  unused.forEach((name) => Reflect.deleteProperty(Object(schemas), name));
  return document;
}

type Document = Parameters<typeof toJson>[0];

/** Every route can refuse. */
function withProblem(document: Document): Document {
  const { schema, url } = document;
  if (!url.startsWith(PREFIX) || schema === undefined) {
    return document;
  }
  const problem = {
    description: 'A problem document (RFC 9457): a stable code, a sentence, and what to do next.',
    content: { 'application/problem+json': { schema: ProblemSchema } },
  };
  return { ...document, schema: { ...schema, response: { ...Object(schema.response), default: problem } } };
}
