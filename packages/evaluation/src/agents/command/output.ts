import type { Json } from '@trace2/core'

/** Longest output of a command, in bytes. */
export const longestStdout = 16 * 1024 * 1024

/** Lines that are looked at, from the last one back, for the beginning of a JSON document. */
const mostLines = 10_000

/**
 * What a command gave: the last JSON document on its standard output. The whole of it may be the document, of any kind;
 * after other lines it has to be an object or a list, which begins at the beginning of a line. Where there is none, the
 * text as it is is the output. An object with a member `output` stands for that member.
 */
export function commandOutput(
  bytes: Uint8Array,
): { readonly output: Json } | { readonly fault: string } {
  const text = decoded(bytes)
  if (text === undefined) return { fault: 'its standard output is not UTF-8 text' }
  const trimmed = text.trim()
  if (trimmed === '') return { fault: 'it wrote nothing to its standard output' }
  const whole = parsed(trimmed)
  if (whole !== undefined) return { output: unwrapped(whole) }
  const last = lastDocument(trimmed)
  if (last !== undefined) return { output: unwrapped(last) }
  const line = trimmed.slice(trimmed.lastIndexOf('\n') + 1)
  if (/^\{\s*"/.test(line) || /^\{\s*"output"/.test(trimmed)) {
    return { fault: `its output begins like a JSON document and is none: ${faultOf(line)}` }
  }
  return { output: trimmed }
}

/** The member `output` of an object that has one; anything else is the output itself. */
export function unwrapped(value: Json): Json {
  if (typeof value !== 'object' || value === null || !('output' in value)) return value
  return value.output ?? null
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The JSON object or list with which a text ends. Only a line that begins with its bracket can begin it, and only a text
 * that ends with the other can be it. Lists inside a document are indented, so that hardly more than one line is tried.
 */
function lastDocument(text: string): Json | undefined {
  const open = text.endsWith('}') ? '{' : text.endsWith(']') ? '[' : undefined
  if (open === undefined) return undefined
  let end = text.length
  let tried = 0
  for (let line = 0; line < mostLines && end > 0; line++) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    if (text[start] === open) {
      const value = parsed(text.slice(start))
      if (value !== undefined) return value
      if (++tried === mostTried) return undefined
    }
    end = start - 1
  }
  return undefined
}

/** Each is parsed to its end: the work stays within a few readings of the text. */
const mostTried = 8

function faultOf(text: string): string {
  try {
    JSON.parse(text)
    return 'it is not whole'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
