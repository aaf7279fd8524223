import { property } from './property.ts'

/** What an endpoint says about a request that it refuses, whatever the form it says it in. */
export interface ErrorWords {
  readonly message: string
  readonly code: string
  readonly param: string
}

/**
 * Reads the body of an error. OpenAI's `{error: {message, code, param}}`, FastAPI's and Mistral's `{detail: [{loc,
 * msg}]}`, Google's array of errors, vLLM's flat `{object: "error", message}`, Ollama's `{error: "…"}` and plain text
 * are the forms that servers have.
 */
export function errorWords(body: string): ErrorWords {
  try {
    const json: unknown = JSON.parse(body)
    return {
      message: messageIn(json) || body,
      code: fieldIn(json, ['code', 'type', 'status']),
      param: fieldIn(json, ['param']),
    }
  } catch {
    return { message: isPage(body) ? textOfPage(body) : body, code: '', param: '' }
  }
}

/** Whether a text is a web page, as a wrong address or a proxy answers. */
export function isPage(body: string): boolean {
  return /^\s*(?:<!doctype\b|<html\b|<\?xml\b|<head\b|<body\b)/i.test(body)
}

function textOfPage(body: string): string {
  return body
    .slice(0, 20_000)
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .trim()
}

/** Levels that are looked into; no server nests its words deeper. */
const deepest = 4

const wordsAt = [
  'error',
  'message',
  'detail',
  'details',
  'errors',
  'msg',
  'error_description',
] as const

function messageIn(json: unknown, depth = 0): string {
  if (typeof json === 'string') return json
  if (depth > deepest) return ''
  if (Array.isArray(json)) {
    return json
      .slice(0, 3)
      .map((each) => messageIn(each, depth + 1))
      .filter(Boolean)
      .join('; ')
  }
  const place = property(json, 'loc')
  const name = Array.isArray(place) ? `${place.join('.')}: ` : ''
  const found = wordsAt.map((key) => messageIn(property(json, key), depth + 1)).filter(Boolean)
  return found.length === 0 ? '' : `${name}${[...new Set(found)].join(': ')}`
}

/** The first of some fields that says something, in the error or around it. */
function fieldIn(json: unknown, names: readonly string[]): string {
  const first: unknown = Array.isArray(json) ? json[0] : json
  const error = property(first, 'error')
  const said = [Array.isArray(error) ? error[0] : error, first].flatMap((level) =>
    names.map((name) => property(level, name)),
  )
  const found = said.find((each) => typeof each === 'number' || (typeof each === 'string' && each))
  return found === undefined ? '' : String(found)
}
