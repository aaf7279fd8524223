import { Decoder } from './decoder.ts'
import { Encoder } from './encoder.ts'
import { propertyOf } from './fields.ts'
import { Ledger } from './ledger.ts'
import type { Field, Side } from './side.ts'

/**
 * Values as text, by the rules of structured clone and further: the same object is the same object on both sides
 * for as long as the codec lives, and a message brings what changed in the objects that it mentions. Its first line has
 * the values; each further line is the record of one object that is new or changed.
 */
export class Codec {
  readonly #side: Side
  readonly #ledger = new Ledger()
  readonly #encoder: Encoder
  readonly #decoder: Decoder

  constructor(side: Side) {
    this.#side = side
    this.#encoder = new Encoder(side, this.#ledger)
    this.#decoder = new Decoder(side, this.#ledger)
  }

  /** With `everything`, the changes of all shared objects go along, whether the values mention them or not. */
  encode(values: readonly unknown[], everything: boolean): string {
    return this.#encoder.encode(values, everything)
  }

  /** @throws what {@link Side.refuse} makes for a message that no codec wrote. */
  decode(text: string): unknown[] {
    return this.#decoder.decode(text)
  }

  /** The object of the other side with this id that was made here, or the own one. */
  known(id: number): object | symbol | undefined {
    return this.#ledger.byId(id)?.target
  }

  /** How a property of an own object crosses now; it may be another than it was when it was left to be fetched. */
  fieldOf(id: number, key: PropertyKey): Field | 'absent' {
    const entry = this.#ledger.byId(id)
    if (!entry || typeof entry.target === 'symbol') return 'omit'
    const property = propertyOf(entry.target, entry.kind, key)
    return property ? this.#side.fieldOf(entry.target, entry.kind, key, property) : 'absent'
  }

  /** Whether the other side may give an own object's property, which crosses, another value. */
  mayChange(id: number): boolean {
    const entry = this.#ledger.byId(id)
    return entry !== undefined && this.#side.mayChange(entry.target, entry.kind)
  }

  idOf(target: unknown): number | undefined {
    return this.#ledger.byTarget(target)?.id
  }
}
