/** One thing that a check found, with what to do about it. */
export interface Finding {
  /** How bad it is. `error` means that something does not work; `note` and `ok` ask for nothing. */
  readonly severity: 'ok' | 'note' | 'warning' | 'error'
  /** Short name of the check, stable. */
  readonly check: string
  /** What was found, in a sentence. */
  readonly message: string
  /** What to do about it. Empty if there is nothing to do. */
  readonly remedy: string
}

/** Makes the finding of a check that found nothing wrong. */
export const okFinding = (check: string, message: string): Finding => ({
  severity: 'ok',
  check,
  message,
  remedy: '',
})
