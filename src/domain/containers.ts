/** The names of containers that are not ids of Graph's. */

/** The list of a category's containers, which is read like one of them. */
export const CONTAINER_LIST = '';
/** The default contact folder, which Graph does not list. */
export const DEFAULT_CONTACTS = 'default';
export const DRIVE_ROOT = 'root';
