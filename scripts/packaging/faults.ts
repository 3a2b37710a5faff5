/** What is wrong with a manifest, where, and why. */
export interface Fault {
  /** The element: `/staticTabs/0/contentUrl`, or `OfficeApp/Requirements/Sets/Set` with its line. */
  readonly element: string;
  readonly reason: string;
}

/** What stands for something and was not filled in. */
export const PLACEHOLDER = /\$\{\{[^}]*\}\}/;

export const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
