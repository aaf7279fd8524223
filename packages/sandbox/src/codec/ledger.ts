import { Table } from './intrinsics.ts'
import type { Kind } from './side.ts'
import type { Sight } from './sight.ts'

/** An object that both sides know: one has it, the other has its counterpart. */
export interface Entry {
  readonly id: number
  readonly target: object | symbol
  readonly kind: Kind
  /** The record that was last sent or received: both sides have the object as it says. */
  record: string
  /** What it looked like then, where a look is enough to see whether it changed. */
  seen: Sight | undefined
  /**
   * How closed the other side has it (1 takes no more properties, 2 is sealed, 3 is frozen), and what that is here: a
   * counterpart with other properties may be more closed than it was made.
   */
  closed: { readonly there: number; readonly here: number } | undefined
  /** The message that the object was last looked at for. */
  round: number
}

/** All objects that both sides know, by number and by what they are here. */
export class Ledger {
  readonly #byId = new Table<number, Entry>()
  readonly #byTarget = new Table<unknown, Entry>()

  get size(): number {
    return this.#byId.size
  }

  add(id: number, target: object | symbol, kind: Kind): Entry {
    const entry: Entry = {
      id,
      target,
      kind,
      record: '',
      seen: undefined,
      closed: undefined,
      round: 0,
    }
    this.#byId.set(id, entry)
    this.#byTarget.set(target, entry)
    return entry
  }

  byId(id: number): Entry | undefined {
    return this.#byId.get(id)
  }

  byTarget(target: unknown): Entry | undefined {
    return this.#byTarget.get(target)
  }

  each(visit: (entry: Entry) => void): void {
    this.#byId.each(visit)
  }
}
