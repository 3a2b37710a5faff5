/** A command of `admin` that can't be done as it was given; the message says what to give instead, and the process fails. */
export class AdminCommandError extends Error {
  override readonly name = 'AdminCommandError';
  readonly code = 'admin_command_invalid';
}
