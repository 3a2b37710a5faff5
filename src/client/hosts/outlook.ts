/** Outlook as a host, by office.js, which the page loads from Microsoft. */
import type { Host, HostAccount, HostTheme, HostToken, OpenItem, Popup, PopupEnd } from './host.ts';
import { failureOf, officeFailure } from './signInFailure.ts';
import { expiryOf } from './tokenClaims.ts';

/** Present where the host has it; its types are in a package of their own. */
declare const OfficeRuntime: { readonly auth: Pick<typeof Office.auth, 'getAccessToken'> } | undefined;

/** Settled when the person closed the dialog, by office.js's own code. */
const DIALOG_CLOSED_BY_PERSON = 12006;

/** `null` where office.js finds no Outlook around the page. */
export async function openOutlook(): Promise<Host | null> {
  const { host } = await Office.onReady();
  if (host === null) {
    return null;
  }
  const { mailbox } = Office.context;
  const hasNestedAuth = Office.context.requirements.isSetSupported('NestedAppAuth', '1.1');
  const signedIn = hasNestedAuth ? await accountContext() : null;
  return {
    kind: 'outlook',
    theme: currentTheme(),
    onThemeChange: (change) => {
      // Phones and older versions have neither themes nor their event.
      if (Office.context.requirements.isSetSupported('Mailbox', '1.14')) {
        mailbox.addHandlerAsync(Office.EventType.OfficeThemeChanged, () => {
          change(currentTheme());
        });
      }
    },
    hasNestedAuth,
    // Many organizations have addresses that are not the names with which people sign in.
    loginHint: signedIn?.userPrincipalName ?? mailbox.userProfile.emailAddress,
    account: accountOf(signedIn),
    mailboxAddress: signedIn === null ? mailbox.userProfile.emailAddress : null,
    silentToken: () => ownToken({ allowSignInPrompt: false, allowConsentPrompt: false }),
    promptedToken: (claims) =>
      ownToken({
        allowSignInPrompt: true,
        allowConsentPrompt: true,
        ...(claims === undefined ? {} : { authChallenge: claims }),
      }),
    openPopup,
    ready: () => undefined,
    items: {
      current: () => itemOf(mailbox.item),
      onChange: (change) => {
        // Where panes cannot be pinned there is no such event: the pane closes with its item.
        if (Office.context.requirements.isSetSupported('Mailbox', '1.5')) {
          mailbox.addHandlerAsync(Office.EventType.ItemChanged, () => {
            change(itemOf(mailbox.item));
          });
        }
      },
    },
  };
}

function currentTheme(): HostTheme {
  const color = Office.context.officeTheme?.bodyBackgroundColor;
  const isDark = color === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : luminance(color) < 0.5;
  return isDark ? 'outlookDark' : 'outlookLight';
}

/** Between 0 and 1, of a color written `#rrggbb`. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function itemOf(item: typeof Office.context.mailbox.item | null): OpenItem {
  if (item === null || item === undefined) {
    return { kind: 'none' };
  }
  if ('internetMessageId' in item && typeof item.internetMessageId === 'string' && item.internetMessageId !== '') {
    return { kind: 'message', internetMessageId: item.internetMessageId, subject: String(item.subject) };
  }
  return item.itemType === Office.MailboxEnums.ItemType.Message.toString() ? { kind: 'draft' } : { kind: 'other' };
}

/** `null` where this Office does not say it yet. */
async function accountContext(): Promise<Office.AuthContext | null> {
  const auth = identity();
  return auth?.getAuthContext === undefined ? null : auth.getAuthContext().catch(() => null);
}

function accountOf(signedIn: Office.AuthContext | null): HostAccount | null {
  return signedIn === null ? null : { oid: signedIn.userObjectId, tenantId: signedIn.tenantId };
}

/** `undefined` on phones; older versions lack some of it. */
function identity(): Partial<Office.Auth> | undefined {
  return Office.auth;
}

async function ownToken(options: Office.AuthOptions): Promise<HostToken> {
  const auth = typeof OfficeRuntime === 'undefined' ? identity() : OfficeRuntime.auth;
  if (auth?.getAccessToken === undefined) {
    return failureOf('unsupportedPlatform', 'noIdentityApi');
  }
  try {
    const token = await auth.getAccessToken(options);
    return { kind: 'token', token, expiresAt: expiryOf(token) };
  } catch (error) {
    return officeFailure(typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : 0);
  }
}

function openPopup(url: string): Popup {
  let dialog: Office.Dialog | undefined;
  const ended = new Promise<PopupEnd>((resolve) => {
    Office.context.ui.displayDialogAsync(url, { height: 70, width: 40, promptBeforeOpen: false }, (result) => {
      if (result.status !== Office.AsyncResultStatus.Succeeded) {
        resolve({ kind: 'blocked' });
        return;
      }
      dialog = result.value;
      dialog.addEventHandler(Office.EventType.DialogMessageReceived, (event) => {
        resolve({ kind: 'finished', message: 'message' in event ? event.message : '' });
      });
      dialog.addEventHandler(Office.EventType.DialogEventReceived, (event) => {
        if ('error' in event && event.error === DIALOG_CLOSED_BY_PERSON) {
          // office.js throws when a dialog is closed that is closed already.
          dialog = undefined;
          resolve({ kind: 'closed' });
        }
      });
    });
  });
  return { ended, close: () => dialog?.close() };
}
