import { concernsRun } from '../reading/index.ts'
import type { Store } from '../store.ts'
import type { Engine } from './engine.ts'
import { adminMethods, graphMethods, queryMethods, recordMethods } from './methods.ts'

/** Makes a store of an engine. The part of the engine that a method belongs to answers it. */
export function storeOf(engine: Engine): Store {
  const { location, ingest, query, graph, admin } = engine
  return {
    location,
    writeSpans: (spans) => ingest.write(spans),
    async writeLogs(records) {
      await ingest.write([], records)
      const ignored = records.filter((record) => !concernsRun(record)).length
      return { accepted: records.length, ignored }
    },
    ...methodsOf(ingest, recordMethods),
    ...methodsOf(query, queryMethods),
    ...methodsOf(graph, graphMethods),
    ...methodsOf(admin, adminMethods),
    close: () => admin.close(),
    async [Symbol.asyncDispose]() {
      // A store that others share closes in its own way.
      await this.close()
    },
  }
}

/** Some methods of a part, which may be an object of any class. */
function methodsOf<T extends object, K extends keyof T & string>(
  part: T,
  names: readonly K[],
): Pick<T, K> {
  const methods = names.map((name) => {
    const method: unknown = part[name]
    if (typeof method !== 'function') throw new TypeError(`The engine has no method ${name}.`)
    return [name, method.bind(part)]
  })
  return Object.fromEntries(methods) as Pick<T, K>
}
