/** What is opened once and shared by every part of the product. */
import { Keyring } from '../../db/keys/keyring.ts';
import { type Database } from '../../db/openDatabase.ts';
import { type MicrosoftHttp } from '../../microsoft/http.ts';
import { type BackgroundWork } from '../backgroundWork.ts';
import { type Log } from '../log.ts';

export interface Opened {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly http: MicrosoftHttp;
  readonly background: BackgroundWork;
  readonly now: () => Date;
}

export interface ProductOptions {
  readonly root: string;
  readonly log: Log;
  readonly migrates: boolean;
  readonly now?: () => Date;
  readonly maxRequestsPerMinute?: number;
}
