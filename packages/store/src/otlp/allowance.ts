import { raise } from '../errors.ts'

/** Resources, scopes, spans, events, links and log records of one request. Exporters send a few thousand. */
const MAX_RECORDS = 250_000
/** Values in a JSON text: a million attributes are four million. */
const MAX_VALUES = 5_000_000
const MAX_JSON_DEPTH = 100_000
/** What a smaller text can hold does no harm, and checking it costs. */
const SMALL_JSON = 1024 * 1024

/** Bounds what one request may turn into: an empty event is two bytes on the wire and hundreds in memory. */
export class Allowance {
  #left = MAX_RECORDS

  /**
   * To be called for each record.
   *
   * @throws {Trace2Error} `T2_OTLP_TOO_MANY`
   */
  take(): void {
    if (this.#left-- <= 0) {
      throw raise('T2_OTLP_TOO_MANY', `The request holds more than ${MAX_RECORDS} records.`)
    }
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
/** `[` and `{`, `]` and `}` differ in this bit only. */
const CASE = 0x20
const OPENING = 0x5b
const CLOSING = 0x5d

/**
 * Refuses a JSON text that would take a multiple of its size in memory once it is parsed.
 *
 * @throws {Trace2Error} `T2_OTLP_TOO_MANY`
 */
export function requireParsable(text: Uint8Array): void {
  if (text.byteLength <= SMALL_JSON) return
  let values = 0
  let depth = 0
  for (let i = 0; i < text.byteLength; i++) {
    const byte = text[i] ?? 0
    if (byte === QUOTE) i = endOfString(text, i)
    else if (byte === COMMA) values++
    else if ((byte & ~CASE) === OPENING) {
      values++
      depth++
    } else if ((byte & ~CASE) === CLOSING) depth--
    if (values > MAX_VALUES) {
      throw raise('T2_OTLP_TOO_MANY', `The request holds more than ${MAX_VALUES} values.`)
    }
    if (depth > MAX_JSON_DEPTH) {
      throw raise('T2_OTLP_TOO_MANY', `The request is nested deeper than ${MAX_JSON_DEPTH}.`)
    }
  }
}

function endOfString(text: Uint8Array, start: number): number {
  let i = start + 1
  while (i < text.byteLength && text[i] !== QUOTE) i += text[i] === BACKSLASH ? 2 : 1
  return i
}
