import type { Caller } from './caller.ts'

type Step = IteratorResult<unknown, unknown>

const prototypes = {
  sync: Object.getPrototypeOf(function* () {}.prototype),
  async: Object.getPrototypeOf(async function* () {}.prototype),
}

/** A generator whose steps are those of one in the sandbox. When it is done, the sandbox is not needed for it. */
export function generator(caller: Caller, id: number): object {
  let isDone = false
  const made = generatorObject(prototypes.sync, (method, args): Step => {
    if (isDone) return stepAfterEnd(method, args)
    try {
      const step = asStep(caller.resume(id, method, args))
      isDone = step.done === true
      return step
    } catch (error) {
      isDone = true
      throw error
    } finally {
      if (isDone) caller.release(made)
    }
  })
  caller.hold(made)
  return made
}

/** As {@link generator}; its steps come later. */
export function asyncGenerator(caller: Caller, id: number): object {
  let isDone = false
  const made = generatorObject(prototypes.async, async (method, args): Promise<Step> => {
    if (isDone) return stepAfterEnd(method, args)
    try {
      const step = asStep(await caller.resumeLater(id, method, args))
      isDone = step.done === true
      return step
    } catch (error) {
      isDone = true
      throw error
    } finally {
      if (isDone) caller.release(made)
    }
  })
  caller.hold(made)
  return made
}

function generatorObject(
  parent: object,
  run: (method: string, args: readonly unknown[]) => unknown,
): object {
  const prototype: object = Object.create(parent)
  for (const method of ['next', 'return', 'throw']) {
    const value = (...args: unknown[]): unknown => run(method, args)
    Object.defineProperty(prototype, method, { value, writable: true, configurable: true })
  }
  return Object.create(prototype)
}

function stepAfterEnd(method: string, [value]: readonly unknown[]): Step {
  if (method === 'throw') throw value
  return { value: method === 'return' ? value : undefined, done: true }
}

function asStep(value: unknown): Step {
  // What it is not, whoever iterates will find out.
  return typeof value === 'object' && value !== null && 'done' in value
    ? (value as Step)
    : { value, done: true }
}
