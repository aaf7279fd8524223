/** Candidates that are asked for. */
export const defaultCount = 3

/** Runs that TextGrad criticizes. */
export const defaultRuns = 4
