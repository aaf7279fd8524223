import { expect, it } from 'vitest'
import { apiMethods } from '../api.ts'
import { openDatabase } from './duckdb/duckdb-store.ts'
import type { Graphs } from './engine.ts'
import { adminMethods, graphMethods, queryMethods, recordMethods } from './methods.ts'
import { storeOf } from './store-of.ts'

it('gives each method of a store to one part of the engine', async () => {
  const lists = [recordMethods, queryMethods, graphMethods, adminMethods].flat()
  expect(new Set(lists).size).toBe(lists.length)
  const { store } = await openDatabase(':memory:')
  const own = ['location', 'writeSpans', 'writeLogs', 'close']
  expect(Object.keys(store).sort()).toEqual([...own, ...lists].sort())
  expect(Object.keys(store)).toEqual(expect.arrayContaining([...apiMethods]))
  await store.close()
})

it('takes parts that are objects of a class', async () => {
  const { engine } = await openDatabase(':memory:')
  class Failing implements Graphs {
    readonly #message = 'no graphs here'
    graph() {
      return Promise.reject(new Error(this.#message))
    }
    graphs(): never {
      throw new Error(this.#message)
    }
  }
  const store = storeOf({ ...engine, graph: new Failing() })
  await expect(store.graph('a')).rejects.toThrow('no graphs here')
  expect(() => store.graphs(['a'])).toThrow('no graphs here')
  expect(await store.runs()).toEqual([])
  await store.close()
})
