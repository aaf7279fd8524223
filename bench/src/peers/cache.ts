import { fileURLToPath } from 'node:url'

/** Where programs of others are kept once they are built or installed. */
export const cache: string = fileURLToPath(
  new URL('../../../node_modules/.cache/trace2-bench/', import.meta.url),
)
