import { Table } from './intrinsics.ts'
import type { Kind } from './side.ts'

/** An object that both sides know: one has it, the other has its counterpart. */
export interface Entry {
  readonly id: number
  readonly target: object | symbol
  readonly kind: Kind
  /** The record that was last sent or received: both sides have the object as it says. */
  record: string
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
    const entry: Entry = { id, target, kind, record: '', round: 0 }
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
