/** Something that was found out at a certain time. */
export interface Observed<T> {
  readonly value: T;
  readonly checkedAt: string | null;
}
