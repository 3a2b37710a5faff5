export interface PostgresServer {
  readonly url: string;
  /** As after a crash: nobody is told, and the database recovers (`pg_ctl -m immediate`). */
  restart(whileAway?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** `null` where none is installed. */
export function startPostgresServer(): Promise<PostgresServer | null>;
