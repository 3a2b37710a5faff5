/**
 * The stable code that an error carries, no matter which system made it.
 *
 * Reads the property instead of asking for the class: errors of Node's own modules may come from another
 * realm than the code that catches them.
 */
export function errorCode(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
