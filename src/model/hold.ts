/** A check that holds the run (M18), and why. */
export interface Hold {
  /** Name of the check. */
  name: string;
  /** What it said, for people; begins with "unknown:" when it could not be asked or was not understood. */
  reason: string;
}
