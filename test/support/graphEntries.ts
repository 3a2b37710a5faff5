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
    body: { contentType: 'text', content: 'A text' },
    ...more,
  };
}

export function wholeFolder(id: string, displayName: string): object {
  return { id, displayName, parentFolderId: 'AAMkRoot', totalItemCount: 1 };
}
