import { remoteStore } from './remote.ts'
import type { Store } from './store.ts'

/**
 * Makes a store from one that is being opened. Calls wait until it is open. If opening fails, each call rejects with
 * the error of opening.
 */
export function deferredStore(location: string, opening: Promise<Store>): Store {
  // Calls say what went wrong.
  opening.catch(() => {})
  return remoteStore(location, {
    call: async (method, args) => {
      const store = await opening
      return Reflect.apply(store[method], store, args)
    },
    writeSpans: async (spans) => (await opening).writeSpans(spans),
    writeLogs: async (records) => (await opening).writeLogs(records),
    async *graphs(runs, options) {
      yield* (await opening).graphs(runs, options)
    },
    close: async () => (await opening).close(),
  })
}
