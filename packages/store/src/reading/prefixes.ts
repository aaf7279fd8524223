import { memoizeByName } from '../memoize-by-name.ts'
import type { Attributes } from '../otlp/index.ts'
import { dialects, parsedKey } from './dialects/index.ts'

/** A bit for each prefix that the tables name; prefixes may share one. */
const bits = new Map<string, number>()
for (const { fields, own } of dialects) {
  for (const key of [...Object.values(fields), ...Object.values(own ?? {})].flat()) {
    const { attribute, under } = parsedKey(key)
    if (typeof under === 'string' && !bits.has(attribute))
      bits.set(attribute, 1 << (bits.size % 31))
  }
}

const bitsOfName = memoizeByName((name) => {
  let found = 0
  for (const [prefix, bit] of bits) if (name.startsWith(`${prefix}.`)) found |= bit
  return found
})

const known = new WeakMap<Attributes, number>()

/** Whether any attribute may stand under a prefix of the tables: to look for all of them on each span would cost too much. */
export function mayStandUnder(attributes: Attributes, prefix: string): boolean {
  let found = known.get(attributes)
  if (found === undefined) {
    found = 0
    for (const name of attributes.keys()) found |= bitsOfName(name)
    known.set(attributes, found)
  }
  const bit = bits.get(prefix)
  return bit === undefined || (found & bit) !== 0
}
