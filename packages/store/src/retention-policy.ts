/** How much a store keeps. Runs go whole, the oldest first. */
export interface RetentionPolicy {
  /** Runs of which nothing came in for so many seconds are deleted. */
  readonly maxAgeSeconds?: number
  /** While the data takes more bytes than this, the oldest runs are deleted. */
  readonly maxBytes?: number
}

export interface RetentionResult {
  /** Traces deleted, each with all of its runs. */
  readonly traces: number
  readonly spans: number
  /** Traces that were due and are kept, because an open or accepted proposal rests on them. */
  readonly keptAsEvidence: number
  /** Bytes that the data takes in the database, after the deletion. */
  readonly bytes: number
}
