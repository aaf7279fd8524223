/** Ids that are made anew for each run or call: UUIDs, long hexadecimal numbers. */
const id =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=[a-f]*\d)[0-9a-f]{16,})(?![0-9a-z])/gi

/** A longer name is nobody's: it is not looked through, whatever it is made of. */
const MAX_NAME = 200

/** A name that is the same in each run: what is an id per call names nothing. */
export function givenName(name: string | null): string | null {
  if (name === null || name.length > MAX_NAME) return name
  return name.search(id) >= 0 || /#{2,}\d+$/.test(name) ? null : name
}

/** The name of an operator without ids and without a number at its end that counts its calls: `Step 3`, `task #2`, `node[4]`. */
export function stableName(name: string): string {
  if (name.length > MAX_NAME) return name
  const counted = name.replace(/(?:\s+#?|#|\s*[[(])\d+[\])]?$/, '')
  const without = counted.replaceAll(id, '')
  if (without === counted) return counted === '' ? name : counted
  const joined = without
    .replace(/[\s_.:/#-]*([_.:/])[\s_.:/#-]*/g, '$1')
    .replace(/^[\s_.:/#-]+|[\s_.:/#-]+$/g, '')
  return joined === '' ? name : joined
}
