/** Stored messages and events in Graph's JSON ("message resource type", "event resource type"). */
import type { Address, StoredEvent, StoredMessage } from './stored.ts';
import { folderId } from './folders.ts';
import { isSeries, type Occurrence } from './recurrence.ts';

type Entity = Record<string, unknown>;

export function presentMessage(message: StoredMessage, withBody: boolean): Entity {
  return {
    '@odata.etag': `W/"${message.changeKey}"`,
    id: message.id,
    changeKey: message.changeKey,
    createdDateTime: message.receivedAt,
    lastModifiedDateTime: message.modifiedAt ?? message.receivedAt,
    categories: message.categories,
    receivedDateTime: message.receivedAt,
    sentDateTime: message.sentAt,
    // Pictures inside the text do not count ("message resource type").
    hasAttachments:
      message.attachments.length === 0 ? message.hasAttachments : message.attachments.some(({ isInline }) => !isInline),
    internetMessageId: message.internetMessageId,
    subject: message.subject,
    importance: message.importance,
    parentFolderId: folderId(message.folder),
    conversationId: message.conversationId,
    isRead: message.isRead,
    isDraft: message.isDraft,
    ...(message.from === null ? {} : { sender: recipient(message.from), from: recipient(message.from) }),
    toRecipients: message.to.map(recipient),
    ccRecipients: message.cc.map(recipient),
    bccRecipients: message.bcc.map(recipient),
    replyTo: message.replyTo.map(recipient),
    webLink: webLink('readmessage', message.id),
    ...(withBody
      ? { bodyPreview: message.body.slice(0, 255), body: { contentType: message.bodyType, content: message.body } }
      : {}),
  };
}

/**
 * The attachments of a message, with their bytes: `$expand` in a delta brings all of it, whatever is selected inside
 * (docs-contrib issue 8431).
 */
export function presentAttachments({ attachments, receivedAt }: StoredMessage): readonly Entity[] {
  return attachments.map(({ id, name, contentType, size, isInline }) => ({
    '@odata.type': '#microsoft.graph.fileAttachment',
    id,
    name,
    contentType,
    size,
    isInline,
    lastModifiedDateTime: receivedAt,
    contentId: null,
    contentLocation: null,
    contentBytes: Buffer.alloc(size, name).toString('base64'),
  }));
}

/** A single event, or the master of a series. */
export function presentEvent(event: StoredEvent, withBody: boolean): Entity {
  return {
    '@odata.etag': `W/"${event.changeKey}"`,
    id: event.id,
    changeKey: event.changeKey,
    createdDateTime: event.start,
    lastModifiedDateTime: event.modifiedAt ?? '2026-11-20T16:30:00Z',
    iCalUId: event.uid,
    subject: event.subject,
    type: isSeries(event) ? 'seriesMaster' : 'singleInstance',
    isAllDay: event.isAllDay,
    isCancelled: event.isCancelled,
    isDraft: false,
    isOrganizer: event.organizer === null,
    responseStatus: { response: event.organizer === null ? 'organizer' : 'none', time: '0001-01-01T00:00:00Z' },
    sensitivity: event.sensitivity,
    showAs: event.showAs,
    importance: event.importance,
    categories: event.categories,
    webLink: webLink('calendar', event.id),
    isOnlineMeeting: event.joinUrl !== '',
    onlineMeeting: event.joinUrl === '' ? null : { joinUrl: event.joinUrl },
    originalStartTimeZone: event.timeZone,
    originalEndTimeZone: event.timeZone,
    start: instant(event.start),
    end: instant(event.end),
    location: { displayName: event.location },
    ...(event.organizer === null ? {} : { organizer: recipient(event.organizer) }),
    attendees: event.attendees.map((attendee) => ({
      type: attendee.type,
      status: { response: 'none', time: event.start },
      ...recipient(attendee),
    })),
    ...(withBody ? { bodyPreview: event.body, body: { contentType: 'text', content: event.body } } : {}),
  };
}

/** An occurrence whole, as the plain calendar view has it. */
export function presentOccurrence(event: StoredEvent, occurrence: Occurrence, withBody: boolean): Entity {
  const { exception } = occurrence;
  const { subject, body, location, attendees, isCancelled } = exception ?? {};
  const own = {
    ...event,
    subject: subject ?? event.subject,
    body: body ?? event.body,
    location: location ?? event.location,
    attendees: attendees ?? event.attendees,
    isCancelled: isCancelled ?? event.isCancelled,
  };
  return {
    ...presentEvent(own, withBody),
    id: occurrence.id,
    iCalUId: `${event.uid}/${occurrence.id}`,
    webLink: webLink('calendar', occurrence.id),
    type: exception === null ? 'occurrence' : 'exception',
    seriesMasterId: event.id,
    start: instant(occurrence.start),
    end: instant(occurrence.end),
  };
}

/** An occurrence as the delta has it: ids and times only. */
export function presentStub(event: StoredEvent, occurrence: Occurrence): Entity {
  return {
    id: occurrence.id,
    type: 'occurrence',
    seriesMasterId: event.id,
    start: instant(occurrence.start),
    end: instant(occurrence.end),
  };
}

function webLink(kind: string, id: string): string {
  return `https://outlook.example/owa/?ItemID=${encodeURIComponent(id)}&path=/${kind}`;
}

function recipient({ name, address }: Address): Entity {
  return { emailAddress: { name, address } };
}

/** Graph writes seven decimals and no offset beside the zone's name. */
function instant(at: string): Entity {
  return { dateTime: `${new Date(at).toISOString().slice(0, 19)}.0000000`, timeZone: 'UTC' };
}
