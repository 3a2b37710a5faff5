/** Entries of Graph's pages as it sends them where everything that is asked for is there. */
export function wholeMessage(id: string, more: object = {}): object {
  return {
    id,
    changeKey: `key of ${id}`,
    createdDateTime: '2026-11-22T10:00:00Z',
    lastModifiedDateTime: '2026-11-22T10:00:00Z',
    receivedDateTime: '2026-11-22T10:00:00Z',
    sentDateTime: '2026-11-22T10:00:00Z',
    hasAttachments: false,
    internetMessageId: `<${id}@quillworks.example>`,
    subject: `Message ${id}`,
    conversationId: `conversation of ${id}`,
    isDraft: false,
    from: { emailAddress: { name: 'Nora', address: 'nora@quillworks.example' } },
    sender: { emailAddress: { name: 'Nora', address: 'nora@quillworks.example' } },
    toRecipients: [],
    ccRecipients: [],
    bccRecipients: [],
    replyTo: [{ emailAddress: { name: 'Desk', address: 'desk@quillworks.example' } }],
    isRead: true,
    importance: 'normal',
    categories: ['Follow up'],
    webLink: `https://outlook.example/${id}`,
    body: { contentType: 'text', content: 'A text' },
    ...more,
  };
}

export function wholeFolder(id: string, displayName: string): object {
  return { id, displayName, parentFolderId: 'AAMkRoot', totalItemCount: 1 };
}

export function wholeEvent(id: string, more: object = {}): object {
  return {
    id,
    changeKey: `key of ${id}`,
    createdDateTime: '2026-11-20T10:00:00Z',
    lastModifiedDateTime: '2026-11-20T10:00:00Z',
    type: 'singleInstance',
    seriesMasterId: null,
    subject: `Event ${id}`,
    start: { dateTime: '2026-11-24T09:00:00.0000000', timeZone: 'UTC' },
    end: { dateTime: '2026-11-24T10:00:00.0000000', timeZone: 'UTC' },
    isAllDay: false,
    isCancelled: false,
    isDraft: false,
    showAs: 'busy',
    sensitivity: 'normal',
    responseStatus: { response: 'organizer', time: '0001-01-01T00:00:00Z' },
    organizer: { emailAddress: { name: 'Nora', address: 'nora@quillworks.example' } },
    attendees: [{ type: 'required', emailAddress: { name: 'Mara', address: 'mara.ellis@harborreed.example' } }],
    location: { displayName: 'Room 4' },
    iCalUId: `uid of ${id}`,
    originalStartTimeZone: 'UTC',
    originalEndTimeZone: 'UTC',
    importance: 'normal',
    categories: ['Follow up'],
    webLink: `https://outlook.example/${id}`,
    onlineMeeting: { joinUrl: 'https://teams.example/meeting' },
    body: { contentType: 'text', content: 'A text' },
    ...more,
  };
}

export function wholeContact(id: string): object {
  return {
    id,
    changeKey: `key of ${id}`,
    createdDateTime: '2026-11-20T10:00:00Z',
    lastModifiedDateTime: '2026-11-20T10:00:00Z',
    displayName: 'Nora Whitfield',
    givenName: 'Nora',
    surname: 'Whitfield',
    companyName: 'Quillworks',
    jobTitle: 'Editor',
    emailAddresses: [{ name: 'Nora', address: 'nora@quillworks.example' }],
    businessPhones: ['+44 20 7946 0500'],
    homePhones: [],
    mobilePhone: '+44 7700 900123',
  };
}

export function wholeTask(id: string): object {
  return {
    '@odata.etag': `W/"${id}"`,
    id,
    title: `Task ${id}`,
    status: 'completed',
    importance: 'normal',
    createdDateTime: '2026-11-20T10:00:00Z',
    lastModifiedDateTime: '2026-11-20T10:00:00Z',
    dueDateTime: { dateTime: '2026-11-24T00:00:00.0000000', timeZone: 'UTC' },
    completedDateTime: { dateTime: '2026-11-23T00:00:00.0000000', timeZone: 'UTC' },
    body: { contentType: 'text', content: 'A note' },
  };
}

export function wholeDriveItem(id: string): object {
  return {
    id,
    eTag: `"{${id}},1"`,
    name: `${id}.txt`,
    size: 12,
    createdDateTime: '2026-11-20T10:00:00Z',
    lastModifiedDateTime: '2026-11-20T10:00:00Z',
    webUrl: 'https://harborreed-my.sharepoint.example/file',
    parentReference: { id: '01FOLDER', driveId: 'b!drive' },
    cTag: `"c:{${id}},1"`,
    file: { mimeType: 'text/plain', hashes: { quickXorHash: 'aGFzaA==', sha1Hash: 'A1', sha256Hash: 'A2' } },
    folder: null,
    root: null,
  };
}
