const brand = Symbol.for('trace2.error')

/**
 * An error that a user can act on. `code` is stable and listed in `docs/errors.md`, `message` says what happened,
 * `remedy` what to do about it; `status` is the HTTP status under which a collector reports it.
 */
export class Trace2Error extends Error {
  override readonly name = 'Trace2Error'
  /** The stable code, for example `T2_RUN_UNKNOWN`. `docs/errors.md` lists all codes. */
  readonly code: string
  /** HTTP status under which a collector reports the error. */
  readonly status: number
  /** What the user can do about the error, in one or two sentences. */
  readonly remedy: string

  /** Also one that another copy of this package threw. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value
  }

  get [brand](): true {
    return true
  }

  /** Packages make their errors with {@link errorCatalogue}; programs only catch them. */
  constructor(code: string, entry: ErrorEntry, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.status = entry.status
    this.remedy = entry.remedy
  }
}

/** What is the same for all errors of one code. */
export interface ErrorEntry {
  /** HTTP status; 400 the caller's mistake, 404 unknown, 409 conflict, 5xx ours or the environment's. */
  readonly status: number
  /** What the user can do about it, as one or two sentences. */
  readonly remedy: string
}

/**
 * One package's table of errors. `docs/errors.md` is generated from these tables, so that no code is undocumented.
 *
 * @example
 * const { raise } = errorCatalogue({ T2_RUN_UNKNOWN: { status: 404, remedy: 'List runs with `trace2 runs`.' } })
 * throw raise('T2_RUN_UNKNOWN', `There is no run ${id}.`)
 */
export function errorCatalogue<Code extends `T2_${string}`>(
  entries: Readonly<Record<Code, ErrorEntry>>,
): {
  readonly entries: Readonly<Record<Code, ErrorEntry>>
  readonly raise: (code: Code, message: string, options?: ErrorOptions) => Trace2Error
} {
  return {
    entries,
    raise: (code, message, options) => new Trace2Error(code, entries[code], message, options),
  }
}
