/** One thing that a check found, with what to do about it. */
export interface Finding {
  readonly severity: 'ok' | 'note' | 'warning' | 'error'
  /** Short name of the check, stable. */
  readonly check: string
  readonly message: string
  /** Empty where there is nothing to do. */
  readonly remedy: string
}

export const okFinding = (check: string, message: string): Finding => ({
  severity: 'ok',
  check,
  message,
  remedy: '',
})
