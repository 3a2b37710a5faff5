/**
 * The logo of the operator: a picture that screens show from this server, and that can do nothing but be one.
 *
 * Errors  `OperatorLogoError` for what is no PNG or SVG, is too large, or runs or loads something.
 * Source  PNG (W3C), section 5.2: the signature. SVG 2, section 2.6: a secure static image runs and loads nothing.
 */
import { readFileSync } from 'node:fs';

const MAX_BYTES = 256 * 1024;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const IS_SVG = /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*<svg[\s>]/;
/** Scripts, handlers of events, foreign content, entities, and whatever comes from elsewhere. */
const RUNS_OR_LOADS =
  /<script|<foreignObject|\son\w+\s*=|<!ENTITY|<!DOCTYPE|javascript:|(?:href|src)\s*=\s*["'](?!#|data:image\/)|url\(\s*["']?(?!#)|@import/i;

export interface OperatorLogo {
  readonly type: 'image/png' | 'image/svg+xml';
  readonly bytes: Buffer;
}

export class OperatorLogoError extends Error {
  override readonly name = 'OperatorLogoError';
  readonly code = 'operator_logo_invalid';
}

export function readOperatorLogo(file: string): OperatorLogo {
  const bytes = read(file);
  if (bytes.length > MAX_BYTES) {
    throw new OperatorLogoError(`OPERATOR_LOGO_FILE: ${file} has more than ${MAX_BYTES / 1024} KB`);
  }
  if (bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) {
    return { type: 'image/png', bytes };
  }
  const text = bytes.toString('utf8');
  if (!IS_SVG.test(text)) {
    throw new OperatorLogoError(`OPERATOR_LOGO_FILE: ${file} is neither PNG nor SVG`);
  }
  if (RUNS_OR_LOADS.test(text)) {
    throw new OperatorLogoError(`OPERATOR_LOGO_FILE: ${file} runs or loads something: save it as a plain SVG`);
  }
  return { type: 'image/svg+xml', bytes };
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new OperatorLogoError(`OPERATOR_LOGO_FILE: ${file} can't be read`, { cause });
  }
}
