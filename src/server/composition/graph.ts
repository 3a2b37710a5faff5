/** How the product talks to Graph: one transport for everything, and the engine's port over it. */
import { openGraphPort } from '../../microsoft/graph/graphPort.ts';
import { GraphTransport } from '../../microsoft/graph/transport.ts';
import type { MicrosoftHttp } from '../../microsoft/http.ts';
import type { GraphPort } from '../../sync/ports.ts';
import type { Settings } from '../settings.ts';

export function openGraph({ graphUrl }: Settings, http: MicrosoftHttp): GraphTransport {
  return new GraphTransport(http, graphUrl);
}

export function graphPortOf({ publicUrl }: Settings, transport: GraphTransport): GraphPort {
  return openGraphPort(transport, {
    notifications: `${publicUrl}/graph/notifications`,
    lifecycle: `${publicUrl}/graph/lifecycle`,
  });
}
