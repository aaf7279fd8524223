import type { Read } from './ask.ts'
import { type JsonInText, jsonIn } from './json-in-text.ts'
import { thoughtsIn } from './thoughts.ts'

/**
 * Reads an answer as JSON. The JSON may be surrounded by thoughts, drafts, words, examples, fences, quotes, an object
 * or a list. The last JSON that can be read counts. JSON in thoughts counts only if there is none outside of them. If
 * none can be read, the fault is that of the JSON which resembles an answer most.
 */
export function asJson<T>(read: (json: unknown) => Read<T>): (text: string) => Read<T> {
  return (text) => readText(text, read, mostQuotes)
}

/** Quotes around quotes that are taken off, and lists and objects around an answer that are looked into. */
const mostQuotes = 3
const mostWrappings = 4

const noJson = { ok: false, fault: 'it is not a JSON object' } as const

function readText<T>(text: string, read: (json: unknown) => Read<T>, quotes: number): Read<T> {
  const whole = parsed(text)
  if (typeof whole === 'string') return quotes > 0 ? readText(whole, read, quotes - 1) : noJson
  if (whole !== undefined) return readWithin(whole, read, mostWrappings)

  const fits = (value: unknown) => isMeant(readWithin(value, read, mostWrappings))
  const objects = jsonIn(text, fits)
  const thoughts = thoughtsIn(text, objects)
  const isThought = ({ start }: JsonInText) =>
    thoughts.some((thought) => thought.start <= start && start < thought.end)
  const said = objects.filter((object) => !isThought(object))
  const answered = readLast(said, read)
  if (isDecided(answered)) return answered
  const thought = readLast(objects.filter(isThought), read)
  if (isDecided(thought)) return thought
  const unquoted = quotes > 0 ? withoutQuotes(text) : undefined
  const again = unquoted === undefined ? noJson : readText(unquoted, read, quotes - 1)
  return [answered, thought, again].reduce(better, noJson)
}

function readLast<T>(objects: readonly JsonInText[], read: (json: unknown) => Read<T>): Read<T> {
  let best: Read<T> = noJson
  for (const { value } of objects.toReversed()) {
    best = better(best, readWithin(value, read, mostWrappings))
    if (isCertain(best)) return best
  }
  return best
}

/** Reads a value, or what is in it, the last first. */
function readWithin<T>(value: unknown, read: (json: unknown) => Read<T>, depth: number): Read<T> {
  let best = read(value)
  if (depth === 0 || typeof value !== 'object' || value === null) return best
  for (const inner of Object.values(value).reverse()) {
    if (isMeant(best)) return best
    const object = typeof inner === 'string' && /^\s*[[{]/.test(inner) ? parsed(inner) : inner
    if (typeof object !== 'object' || object === null) continue
    best = better(best, readWithin(object, read, depth - 1))
  }
  return best
}

/** The earlier one, unless the other says more. */
function better<T>(first: Read<T>, other: Read<T>): Read<T> {
  return rankOf(other) > rankOf(first) ? other : first
}

function rankOf(result: Read<unknown>): number {
  if (isCertain(result)) return 4
  if (result.ok) return 3
  if (result.meant === 'perhaps') return 2
  return result === noJson ? 0 : 1
}

/** Whether it need not be looked further. */
function isCertain(result: Read<unknown>): boolean {
  return result.ok ? result.meant !== 'perhaps' : result.meant === 'surely'
}

function isDecided(result: Read<unknown>): boolean {
  return result.ok || isCertain(result)
}

function isMeant(result: Read<unknown>): boolean {
  return result.ok || result.meant !== undefined
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return value
  } catch {
    return undefined
  }
}

/** What stands in a string that has lost its quotes, or that has words around it: `{\"n\": 1}`. */
function withoutQuotes(text: string): string | undefined {
  const start = text.search(/\{\s*\\+"/)
  if (start < 0) return undefined
  const escaped = text.slice(start, text.lastIndexOf('}') + 1)
  const inside = parsed(`"${escaped.replaceAll('\n', '\\n')}"`)
  return typeof inside === 'string' ? inside : undefined
}
