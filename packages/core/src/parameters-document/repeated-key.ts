/** A key that one object of a JSON text has twice: a reader would take one of the two values and lose the other. */
export interface RepeatedKey {
  readonly key: string
  /** Line of the second one, from 1. */
  readonly line: number
}

/**
 * Finds the first key that an object has twice.
 *
 * @param json valid JSON text.
 */
export function repeatedKey(json: string): RepeatedKey | undefined {
  // The keys of each object that is open; `undefined` for a list.
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < json.length; at++) {
    const sign = json[at]
    if (sign === '{') open.push(new Set())
    else if (sign === '[') open.push(undefined)
    else if (sign === '}' || sign === ']') open.pop()
    else if (sign === '"') {
      const end = endOfText(json, at)
      const keys = open.at(-1)
      if (keys && isBeforeColon(json, end)) {
        const key: string = JSON.parse(json.slice(at, end))
        if (keys.has(key)) return { key, line: lineAt(json, at) }
        keys.add(key)
      }
      at = end - 1
    }
  }
  return undefined
}

/** Number of the line of a position, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Where a quoted text that begins at a position has ended. */
function endOfText(json: string, start: number): number {
  let at = start + 1
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at + 1
}

function isBeforeColon(json: string, from: number): boolean {
  let at = from
  while (' \t\r\n'.includes(json[at] ?? ':')) at++
  return json[at] === ':'
}
