/** The pages: tab, pane, and the plain ones that need no sign-in. */
import type { FastifyInstance } from 'fastify';
import { TEXT_PAGES } from '../pages/paths.ts';
import type { Services } from '../services.ts';

export function registerPages(app: FastifyInstance, { pages }: Services): void {
  app.get('/', (_request, reply) => pages.sendHome(reply));
  for (const path of ['/tab/me', '/tab/organization']) {
    app.get(path, (_request, reply) => pages.sendTab(reply));
  }
  app.get('/pane', (_request, reply) => pages.sendPane(reply));
  for (const page of TEXT_PAGES) {
    app.get(`/${page}`, (_request, reply) => pages.sendText(reply, page));
  }
  app.get('/.well-known/microsoft-identity-association.json', (_request, reply) => pages.sendAssociation(reply));
}
