/** What is opened once and shared by every part of the product. */
import { Keyring } from '../../db/keys/keyring.ts';
import { type Database } from '../../db/openDatabase.ts';
import { type MicrosoftHttp } from '../../microsoft/http.ts';
import { type WebhookHttp } from '../../outbound/openWebhookTransport.ts';
import { type BackgroundWork } from '../backgroundWork.ts';
import { type Clock } from '../clock.ts';
import { type Log } from '../log.ts';

export interface Opened {
  readonly database: Database;
  readonly keyring: Keyring;
  readonly http: MicrosoftHttp;
  /** Requests to the operator's product. */
  readonly webhooks: WebhookHttp;
  readonly background: BackgroundWork;
  readonly clock: Clock;
}

export interface ProductOptions {
  readonly root: string;
  readonly log: Log;
  readonly migrates: boolean;
  /** The machine's, unless a test has one of its own. */
  readonly clock?: Clock;
  readonly maxRequestsPerMinute?: number;
}
