/** People as tokens and directories name them. */

/** A person as a validated token names them. */
export interface Principal {
  readonly tenantId: string;
  readonly memberId: string;
  readonly name: string | null;
  /** The name that they sign in with, in the form of an address. */
  readonly account: string | null;
  /** What Entra takes as a hint of who is meant; opaque, to be shown to and compared with nothing. */
  readonly loginHint: string | null;
  readonly directoryRoles: readonly string[];
  readonly isGuest: boolean;
}

export interface DirectoryPerson {
  readonly memberId: string;
  readonly name: string | null;
}
