/** What the application needs of the host that it runs in, whichever that is. */
import type { SignInFailure } from './signInFailure.ts';

export type HostTheme = 'teamsLight' | 'teamsDark' | 'teamsContrast' | 'outlookLight' | 'outlookDark';

/** How a popup of the host ended; a closed one proves nothing about what happened in it. */
export type PopupEnd =
  { readonly kind: 'finished'; readonly message: string } | { readonly kind: 'closed' } | { readonly kind: 'blocked' };

export interface Popup {
  /** Settles when the popup has ended. */
  readonly ended: Promise<PopupEnd>;
  close(): void;
}

/** The message that is selected in Outlook. */
export type OpenItem =
  | { readonly kind: 'none' }
  | { readonly kind: 'draft' }
  | { readonly kind: 'other' }
  | { readonly kind: 'message'; readonly internetMessageId: string; readonly subject: string };

/** A token, or why there is none. */
export type HostToken = { readonly kind: 'token'; readonly token: string; readonly expiresAt: number } | SignInFailure;

/** Whose mailbox or tab the host shows. */
export interface HostAccount {
  readonly oid: string;
  readonly tenantId: string;
}

export interface Host {
  readonly kind: 'teams' | 'outlook';
  readonly theme: HostTheme;
  onThemeChange(change: (theme: HostTheme) => void): void;
  /** Whether the host answers for nested app authentication. */
  readonly hasNestedAuth: boolean;
  readonly loginHint: string | undefined;
  /** Not every host says it; then nothing is compared. */
  readonly account: HostAccount | null;
  /** Of the mailbox that is open, where the host says that and not the account. */
  readonly mailboxAddress: string | null;
  /** The host's own token call, without any window. */
  silentToken(): Promise<HostToken>;
  /**
   * The host's own token call, which may show windows of the host for as long as the person needs; must be
   * called from a click. With `claims`, the answer to a challenge of the server.
   */
  promptedToken(claims?: string): Promise<HostToken>;
  /** Must be called from a click. */
  openPopup(url: string): Popup;
  /** Tells the host that the page is there. */
  ready(): void;
  readonly items: { current(): OpenItem; onChange(change: (item: OpenItem) => void): void } | null;
}
