import { Identities } from './identities.ts'
import type { Producer } from './producer.ts'
import { Templates } from './templates.ts'
import { Values } from './values.ts'

/** What one run remembers in order to tell where a value came from. */
export class Lineage {
  readonly identities = new Identities()
  readonly templates = new Templates()
  readonly values = new Values()
  /** Values are not matched where calls of different tasks share one memory. */
  readonly matchesValues: boolean

  constructor(options: { readonly matchesValues: boolean }) {
    this.matchesValues = options.matchesValues
  }

  /** Remembers a finished operator's output. */
  add(output: unknown, producer: Producer, args: readonly unknown[]): void {
    if (typeof output === 'object' && output !== null) {
      this.identities.claim(output, { producer, pointer: '' }, args)
    }
    if (this.matchesValues) this.values.add(producer)
  }

  /** Forgets what only matters while the run goes on, but for a little of what came last. */
  end(): void {
    this.templates.clear()
    this.values.end()
  }
}
