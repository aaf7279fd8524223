/**
 * What the copies of this package in one process have in common. An application, its prompts package and a bundle may
 * each bring a copy; a parameter that one of them declares and another is given must still be one parameter. State of
 * the process is therefore made by {@link shared} and never kept in a variable of a module, and objects of another
 * copy are told by their brand, never by `instanceof`.
 *
 * Copies call the methods of one another's objects. A change of what {@link shared} holds, or of a method or field of
 * an object that is reached from it (`Parameter`, `Snapshot`, `RunState`, `Frame`, `Lineage`), raises {@link layout}:
 * copies of different layouts stay apart.
 */
export const layout = 1

const key = Symbol.for('trace2.shared')

const values = valuesOfLayout()

/** The one value of this name for all copies; the first copy that asks makes it. */
export function shared<T>(name: string, make: () => T): T {
  if (!values.has(name)) values.set(name, make())
  // A name means one type within a layout.
  return values.get(name) as T
}

function valuesOfLayout(): Map<string, unknown> {
  const known: unknown = Reflect.get(globalThis, key)
  const layouts: Map<number, Map<string, unknown>> = known instanceof Map ? known : new Map()
  if (layouts !== known) {
    Object.defineProperty(globalThis, key, { value: layouts, configurable: true })
  }
  const own = layouts.get(layout) ?? new Map<string, unknown>()
  if (!layouts.has(layout)) {
    layouts.set(layout, own)
    if (layouts.size > 1) {
      console.warn(
        'This process has two versions of @trace2/instrumentation that cannot share parameters, runs and settings. Install one version.',
      )
    }
  }
  return own
}
