import { diag } from '@opentelemetry/api'
import { counted } from '@trace2/core'
import { raise } from '../../../errors.ts'

/** Different failures that are told of; what is beyond them says nothing new. */
const MOST_TOLD = 100

/** Says in the log which spans could not be read, each kind of failure once: one sender makes the same one all the time. */
export class UnreadSpans {
  readonly #told = new Set<string>()

  /** @param failures numbers of spans by why they were not read. */
  tell(failures: ReadonlyMap<string, number>): void {
    for (const [why, spans] of failures) {
      if (this.#told.has(why) || this.#told.size >= MOST_TOLD) continue
      this.#told.add(why)
      const what = `${counted(spans, 'span')} could not be read and ${spans === 1 ? 'is' : 'are'} stored as received: ${why}.`
      const { code, message, remedy } = raise('T2_SPAN_UNREAD', what)
      diag.error(`${code}: ${message} ${remedy}`)
    }
  }
}
