import { type ecmaVersion, parse } from 'acorn'

/** What the engine of the isolation reads. It is older than the runtime: of what came later it knows nothing. */
const engineVersion: ecmaVersion = 2025

/** Says why the engine that runs changed code cannot read an expression, in words that a model can act on. */
export function findSyntaxFault(expression: string, strict: boolean): string | undefined {
  const fault = faultOf(expression, strict, engineVersion)
  if (!fault) return undefined
  if (!faultOf(expression, strict, 'latest')) {
    return `it has syntax that came after ES${engineVersion}, which the engine cannot run, at ${fault.place}`
  }
  if (strict && !faultOf(expression, false, engineVersion)) {
    return `it has what strict mode forbids, at ${fault.place}: ${fault.reason}`
  }
  return `it does not parse, at ${fault.place}: ${fault.reason}`
}

interface Fault {
  readonly reason: string
  /** The text where it is. */
  readonly place: string
}

const longestPlace = 40

function faultOf(expression: string, strict: boolean, version: ecmaVersion): Fault | undefined {
  const before = `${strict ? '"use strict";' : ''}(`
  const text = `${before}${expression}\n)`
  try {
    parse(text, { ecmaVersion: version, sourceType: 'script' })
    return undefined
  } catch (error) {
    const { pos = before.length, message = '' } = Object(error)
    const [line = ''] = text.slice(pos, -2).split('\n', 1)
    const place = JSON.stringify(line.slice(0, longestPlace))
    return { reason: String(message).replace(/ \(\d+:\d+\)$/, ''), place }
  }
}
