/**
 * A choice of people: everyone of an organization, chosen people, or a group of the directory.
 *
 * Serves who may connect at all, and whose mailboxes service mode covers.
 *
 * Shapes  People by Entra's object id; a group by its object id, with the name that it had when it was chosen.
 */
export type Audience =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'people'; readonly memberIds: readonly string[] }
  | { readonly kind: 'group'; readonly groupId: string; readonly name: string };

/** Whether a person belongs to the audience; `groups` are the groups in which the person was found. */
export function belongsTo(audience: Audience, memberId: string, groups: readonly string[]): boolean {
  switch (audience.kind) {
    case 'everyone':
      return true;
    case 'people':
      return audience.memberIds.includes(memberId);
    case 'group':
      return groups.includes(audience.groupId);
  }
}
