import { isInside, type Part } from './producer.ts'
import { callBudget, walkObjects } from './walk.ts'

/** Which operator made which object, within one run. Holds no object alive. */
export class Identities {
  readonly #parts = new WeakMap<object, Part>()

  find(object: object): Part | undefined {
    return this.#parts.get(object)
  }

  /** Notes one object, without what is inside it. */
  note(object: object, part: Part): void {
    this.#parts.set(object, part)
  }

  /**
   * Notes the objects of an output, or of the part of a stream's that is there. The output itself belongs to the operator that returned it last. An object
   * inside it that came in through the arguments, or that another operator made, stays what it was, unless it was
   * made inside this very operator: then the outer one has handed it out.
   */
  claim(output: object, { producer, pointer: base }: Part, args: readonly unknown[]): void {
    const { scope } = producer
    let given: Set<object> | undefined
    walkObjects(output, (object, pointer) => {
      if (pointer !== '') {
        const known = this.#parts.get(object)
        if (known && !(scope && isInside(known.producer.scope, scope))) return false
        given ??= objectsIn(args)
        if (!known && given.has(object)) return false
      }
      this.#parts.set(object, { producer, pointer: base + pointer })
      return undefined
    })
  }
}

/** The objects that values are or hold, as far as it is looked. */
export function objectsIn(args: readonly unknown[]): Set<object> {
  const objects = new Set<object>()
  const budget = callBudget()
  for (const arg of args) {
    if (typeof arg !== 'object' || arg === null) continue
    const isNew = (object: object) => {
      if (objects.has(object)) return false
      objects.add(object)
      return undefined
    }
    walkObjects(arg, isNew, budget)
  }
  return objects
}
