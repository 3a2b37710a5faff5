/**
 * Nested app authentication as a host answers it: the messages that msal-browser sends over the bridge.
 *
 * Source  the wire format of @azure/msal-browser 5 (BridgeProxy, AccountManager), observed.
 */
import {
  askToken,
  type HostSettings,
  type HostTokenAnswer,
  misbehave,
  signInByPopup,
  stepUpByPopup,
} from './hostToken.ts';

interface NestedRequest {
  readonly messageType: string;
  readonly method: string;
  readonly requestId: string;
  readonly tokenParams?: { readonly clientId: string; readonly scope: string; readonly claims?: string };
}

/** The answer to one request, as JSON text. */
export async function answerNested(settings: HostSettings, text: string): Promise<string> {
  const request = readRequest(text);
  const base = { messageType: 'NestedAppAuthResponse', requestId: request.requestId };
  const { tokenParams } = request;
  if (request.method === 'GetInitContext') {
    return JSON.stringify({ ...base, success: true, initContext: initContext(settings) });
  }
  if (tokenParams === undefined) {
    return JSON.stringify({ ...base, success: false, error: { status: 'PERSISTENT_ERROR' } });
  }
  const instead = request.method === 'GetToken' ? await misbehave(settings.badly.nested) : null;
  const silent: HostTokenAnswer =
    instead === null
      ? await askToken(settings, 'nested', tokenParams)
      : { ok: false, code: 'interaction_required', description: instead };
  if (silent.ok || request.method !== 'GetTokenPopup') {
    return JSON.stringify({ ...base, ...outcome(settings, silent) });
  }
  await (silent.description.includes('AADSTS50079')
    ? stepUpByPopup(settings)
    : signInByPopup(settings, tokenParams.clientId, tokenParams.scope));
  const second = await askToken(settings, 'nested', tokenParams);
  const cancelled = { success: false, error: { status: 'USER_CANCEL' } };
  return JSON.stringify({ ...base, ...(second.ok ? outcome(settings, second) : cancelled) });
}

function readRequest(text: string): NestedRequest {
  return JSON.parse(text);
}

function initContext({ oid, tenantId, authority }: HostSettings): object {
  return {
    sdkName: 'assent-sandbox',
    sdkVersion: '1.0.0',
    capabilities: { queryAccount: false },
    accountContext: { homeAccountId: `${oid}.${tenantId}`, environment: new URL(authority).host, tenantId },
  };
}

function outcome({ oid, tenantId, as, name, authority }: HostSettings, answer: HostTokenAnswer): object {
  if (!answer.ok) {
    const { code, description } = answer;
    return { success: false, error: { status: 'USER_INTERACTION_REQUIRED', code, description } };
  }
  return {
    success: true,
    token: {
      access_token: answer.accessToken,
      id_token: answer.idToken,
      expires_in: answer.expiresIn,
      scope: answer.scope,
      authority: `${authority}/${tenantId}`,
      properties: null,
    },
    account: {
      homeAccountId: `${oid}.${tenantId}`,
      environment: new URL(authority).host,
      tenantId,
      username: as,
      localAccountId: oid,
      name,
    },
  };
}
