import { Trace2Error } from '@trace2/core'

/** An endpoint that fails so often in a row fails always. */
const mostFailures = 5
const final: ReadonlySet<string> = new Set([
  'T2_BUDGET_SPENT',
  'T2_PRICE_UNKNOWN',
  'T2_MODEL_UNSET',
  'T2_MODEL_SETTING',
  'T2_MODEL_KEY',
  'T2_MODEL_QUOTA',
  'T2_MODEL_UNKNOWN',
  'T2_MODEL_UNREACHABLE',
  'T2_MODEL_PAGE',
])

/** What another value may be spared, but hardly when it has happened to some in a row. */
const ofEndpoint: ReadonlySet<string> = new Set([
  'T2_MODEL_CALL',
  'T2_MODEL_CONTEXT',
  'T2_MODEL_RATE',
  'T2_MODEL_TIMEOUT',
  'T2_MODEL_DROPPED',
  'T2_MODEL_NO_CHOICE',
])

/** Tells what goes wrong with one value from what will go wrong with all that follow. */
export class FailureWatch {
  #inARow = 0

  succeeded(): void {
    this.#inARow = 0
  }

  /** @returns whether it is of no use to go on. */
  failed(error: unknown): boolean {
    this.#inARow++
    const code = failureCode(error)
    return final.has(code) || (ofEndpoint.has(code) && this.#inARow >= mostFailures)
  }
}

export function failureCode(error: unknown): string {
  return error instanceof Trace2Error ? error.code : 'T2_GUIDE_FAILED'
}

/** What an error says; a guide may throw anything. */
export function failureText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
