import { stripVTControlCharacters } from 'node:util'

/** How much of what an agent writes is kept, in bytes: the end. */
const keptBytes = 4 * 1024

/** The end of what an agent wrote. */
export class Log {
  #chunks: Uint8Array[] = []
  #bytes = 0

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk.subarray(-keptBytes))
    this.#bytes += Math.min(chunk.byteLength, keptBytes)
    while (this.#bytes - (this.#chunks[0]?.byteLength ?? 0) >= keptBytes) {
      this.#bytes -= this.#chunks.shift()?.byteLength ?? 0
    }
  }

  clear(): void {
    this.#chunks = []
    this.#bytes = 0
  }

  /** As text that a terminal can show: no colours, no control characters. */
  get text(): string {
    const bytes = Buffer.concat(this.#chunks).subarray(-keptBytes)
    return printableLog(bytes.toString('utf8'))
  }

  /** The last line that is not empty. */
  get lastLine(): string {
    return this.text.trimEnd().split('\n').at(-1)?.trim() ?? ''
  }
}

// All controls but the line break, and what would make text read otherwise than it was written.
const unprintable = /(?!\n)[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu

function printableLog(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll('\t', '  ')
    .replace(/\r\n?/g, '\n')
    .replace(unprintable, '\uFFFD')
    .toWellFormed()
}

const longestReason = 2_000

/** A sentence from a stranger as one printable line of bounded length. */
export function printableLine(text: string): string {
  const line = printableLog(text.slice(0, longestReason))
    .replace(/\s*\n\s*/g, ' ')
    .trim()
  return text.length > longestReason ? `${line} …` : line
}

/** What was thrown, as one line. */
export function thrownText(thrown: unknown): string {
  if (thrown instanceof Error) {
    // `fetch failed` says nothing; what it is of does.
    const { name, message, cause } = thrown
    const of = cause instanceof Error && cause.message !== '' ? ` (${cause.message})` : ''
    return printableLine(`${name}: ${message}${message.includes(of.slice(2, -1)) ? '' : of}`)
  }
  return printableLine(typeof thrown === 'string' ? thrown : safeString(thrown))
}

function safeString(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return 'a value that cannot be shown'
  }
}
