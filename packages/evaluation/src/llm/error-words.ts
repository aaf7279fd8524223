import { property } from './property.ts'
import { waitInError } from './wait-hint.ts'

/** What an endpoint says about a request that it refuses, whatever the form it says it in. */
export interface ErrorWords {
  readonly message: string
  readonly code: string
  readonly param: string
  /** Milliseconds after which its members say that it may be asked again. */
  readonly retryAfterMs: number | undefined
}

/**
 * Reads the body of an error. OpenAI's `{error: {message, code, param}}`, FastAPI's and Mistral's `{detail: [{loc,
 * msg}]}`, Google's array of errors, vLLM's flat `{object: "error", message}`, Ollama's `{error: "…"}`, OpenRouter's
 * `{metadata: {raw}}` around the error of another endpoint, and plain text are the forms that servers have.
 */
export function errorWords(body: string): ErrorWords {
  try {
    const json: unknown = JSON.parse(body)
    return {
      message: messageIn(json) || body,
      code: fieldIn(json, ['code', 'type', 'status']),
      param: fieldIn(json, ['param']),
      retryAfterMs: waitInError(json),
    }
  } catch {
    const message = isPage(body) ? textOfPage(body) : body
    return { message, code: '', param: '', retryAfterMs: undefined }
  }
}

/** What an error says that came as an answer; empty where it says nothing. */
export function wordsOfError(error: unknown): string {
  return messageIn(error)
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
const deepest = 8

const wordsAt = [
  'error',
  'message',
  'detail',
  'details',
  'errors',
  'msg',
  'error_description',
  'metadata',
  'raw',
] as const

function messageIn(json: unknown, depth = 0): string {
  if (depth > deepest || json === undefined || json === null) return ''
  if (typeof json === 'string') return depth === 0 ? json : wordsIn(json, depth)
  if (Array.isArray(json)) {
    return json
      .slice(0, 3)
      .map((each) => messageIn(each, depth + 1))
      .filter(Boolean)
      .join('; ')
  }
  if (typeof json !== 'object') return ''
  const place = property(json, 'loc')
  const name = Array.isArray(place) ? `${place.join('.')}: ` : ''
  const found = wordsAt.map((key) => messageIn(property(json, key), depth + 1)).filter(Boolean)
  return found.length === 0 ? '' : `${name}${[...new Set(found)].join(': ')}`
}

/** A text, or what it says where it is an error as JSON: gateways pass on the error of another endpoint so. */
function wordsIn(text: string, depth: number): string {
  if (!/^\s*[{[]/.test(text)) return text
  try {
    const inside: unknown = JSON.parse(text)
    return messageIn(inside, depth + 1) || text
  } catch {
    return text
  }
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
