/**
 * Who receives what is synced: the company or product that runs this installation, as screens, pages and manifests name it.
 *
 * Units  A name of at most 30 characters, which is what an app's manifest takes.
 */
import { z } from 'zod';

const MAX_NAME_LENGTH = 30;

export interface OperatorSettings {
  readonly name: string;
  /** A PNG or SVG; `null` for none. */
  readonly logoFile: string | null;
  readonly url: string | null;
  readonly privacyUrl: string | null;
  readonly termsUrl: string | null;
  readonly supportUrl: string | null;
}

const address = z
  .url({ protocol: /^https$/, error: 'must be an https address' })
  .max(2048)
  .optional();

export const OPERATOR_VARIABLES = {
  OPERATOR_NAME: z
    .string()
    .trim()
    .max(MAX_NAME_LENGTH, `must have at most ${MAX_NAME_LENGTH} characters`)
    .regex(/^[^\p{C}]*$/u, 'must be text of one line')
    .optional(),
  OPERATOR_LOGO_FILE: z.string().optional(),
  OPERATOR_URL: address,
  OPERATOR_PRIVACY_URL: address,
  OPERATOR_TERMS_URL: address,
  OPERATOR_SUPPORT_URL: address,
};

const OperatorEnvironment = z.object(OPERATOR_VARIABLES);

/** `null` where the operator has no page of its own; the name is required. */
export function operatorOf(env: z.infer<typeof OperatorEnvironment>): OperatorSettings {
  return {
    name: env.OPERATOR_NAME ?? '',
    logoFile: env.OPERATOR_LOGO_FILE ?? null,
    url: env.OPERATOR_URL ?? null,
    privacyUrl: env.OPERATOR_PRIVACY_URL ?? null,
    termsUrl: env.OPERATOR_TERMS_URL ?? null,
    supportUrl: env.OPERATOR_SUPPORT_URL ?? null,
  };
}
