import { createHash } from 'node:crypto'

let count = 0

/** An id that looks like those of the real service, and is the same in each run of the same program. */
export function nextId(prefix) {
  count += 1
  return prefix + createHash('sha256').update(`${prefix}${count}`).digest('hex').slice(0, 24)
}
