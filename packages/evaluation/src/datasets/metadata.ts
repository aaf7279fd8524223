/** Names under which the metadata of a case has what is known of it beside its columns. */
export const caseMetadata = {
  /** Session of its run. */
  session: 'session',
  /** Score of its run, from 0 to 1. */
  baseScore: 'baseScore',
  /** Where its reference is from, if that is a run: `correction` or `good run`. */
  referenceFrom: 'referenceFrom',
  /** By what it was chosen, where that has to do with how its run went: a gate cannot decide on such cases. */
  chosenBy: 'chosenBy',
} as const
