import { openStore } from '@trace2/store'
import { onTestFinished } from 'vitest'

/** An empty store in memory, closed when the test has finished. */
export async function memoryStore() {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  return store
}
