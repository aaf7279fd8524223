import { withoutIds } from './ids.ts'

/** A longer name is nobody's: it is not looked through, whatever it is made of. */
const MAX_NAME = 200

/** A name that is the same in each run: what is an id per call names nothing. */
export function givenName(name: string | null): string | null {
  if (name === null || name.length > MAX_NAME) return name
  return hasId(name) || callCount.test(name) ? null : name
}

/** The name of whatever calls a model, as operators have it; `null` where it is nothing but an id. */
export function callerName(name: string | null): string | null {
  return name === null || callCount.test(name) ? null : givenName(stableName(name))
}

/** Whether a name has an id in it. */
export function hasId(name: string): boolean {
  return name.length <= MAX_NAME && withoutIds(name) !== name
}

/** An id per call with its number: `order########0`. */
const callCount = /#{2,}\d+$/

/** The name of an operator without ids and without a number at its end that counts its calls: `Step 3`, `task #2`, `node[4]`. */
export function stableName(name: string): string {
  if (name.length > MAX_NAME) return name
  const counted = name.replace(/(?:\s+#?|#|\s*[[(])\d+[\])]?$/, '')
  const without = withoutIds(counted)
  if (without === counted) return counted === '' ? name : counted
  const joined = without
    .replace(/[\s_.:/#-]*([_.:/])[\s_.:/#-]*/g, '$1')
    .replace(/^[\s_.:/#-]+|[\s_.:/#-]+$/g, '')
  return joined === '' ? name : joined
}

/** How Python's frameworks call the method that runs a tool or an agent. */
const method =
  /\.(?:__call__|a?run(?:_stream)?|_?execute(?:_core|_async|_sync)?|a?call|a?invoke|kickoff(?:_async)?)$/

/** The name of an operator. Of a tool or an agent it is the name of that, without the method's, which is not always recorded. */
export function operatorName(name: string, kind: string | null): string {
  const stable = stableName(name)
  if (kind !== 'tool' && kind !== 'agent') return stable
  const bare = stable.replace(method, '')
  return bare === '' ? stable : bare
}
