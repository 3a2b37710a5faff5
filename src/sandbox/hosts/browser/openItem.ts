/** What Outlook tells office.js of its mailbox and of the item that is open. */
import type { HostSettings } from './hostToken.ts';

export interface MailItem {
  readonly id: string;
  readonly subject: string;
  readonly from: { readonly name: string; readonly address: string } | null;
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly cc: readonly { readonly name: string; readonly address: string }[];
  readonly receivedAt: string;
  readonly internetMessageId: string;
  readonly conversationId: string;
  readonly isDraft: boolean;
  readonly body: string;
}

export interface OutlookSettings extends HostSettings {
  readonly theme: string;
  readonly item: string;
  readonly items: readonly MailItem[];
  /** Perpetual Outlook: no nested app authentication. */
  readonly legacy: boolean;
}

function person({ name, address }: { readonly name: string; readonly address: string }): object {
  return { name, address, recipientType: 0, appointmentResponse: 0 };
}

/** What office.js learns of mailbox and item; a draft is an item in compose form. */
export function initialData(settings: OutlookSettings, selected: MailItem | null): object {
  const mailbox = {
    userDisplayName: settings.name,
    // Where the host names no account, this is all that it says of whose mailbox is open.
    userEmailAddress: settings.badly.account?.includes('@') === true ? settings.badly.account : settings.as,
    userTimeZone: 'UTC',
    userProfileType: 'office365',
    hostVersion: '16.0.0.0',
    owaView: 'ThreeColumns',
    permissionLevel: 1,
    timeZoneOffsets: [],
    entities: {},
  };
  if (selected === null) {
    return { ...mailbox, itemType: 0 };
  }
  const received = Date.parse(selected.receivedAt);
  return {
    ...mailbox,
    itemType: selected.isDraft ? 4 : 1,
    id: selected.id,
    subject: selected.subject,
    normalizedSubject: selected.subject,
    internetMessageId: selected.internetMessageId,
    conversationId: selected.conversationId,
    ...(selected.from === null ? {} : { from: person(selected.from), sender: person(selected.from) }),
    to: selected.to.map(person),
    cc: selected.cc.map(person),
    attachments: [],
    dateTimeCreated: received,
    dateTimeModified: received,
  };
}
