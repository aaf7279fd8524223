/** How much a store keeps. Runs go whole, the oldest first. */
export interface RetentionPolicy {
  /** Age at which runs are deleted, in seconds since the last span of the run came in. Default: no limit. */
  readonly maxAgeSeconds?: number
  /** Size of the data above which the oldest runs are deleted, in bytes. Default: no limit. */
  readonly maxBytes?: number
  /**
   * Most that {@link maxAgeSeconds} may delete at once, as a share of what is stored: more than that is due where a clock
   * has jumped, or nothing came in for long. Default: 0.5.
   */
  readonly maxShare?: number
  /** Deletes whatever is due. */
  readonly force?: boolean
}

/** Default of {@link RetentionPolicy.maxShare}. */
export const MAX_SHARE = 0.5

export interface RetentionResult {
  /** Number of traces that were deleted, each with all of its runs. */
  readonly traces: number
  /** Number of spans that were deleted. */
  readonly spans: number
  /** Number of traces that were due and are kept, because an open or accepted proposal rests on them. */
  readonly keptAsEvidence: number
  /** Size of the data in the database after the deletion, in bytes. */
  readonly bytes: number
}
