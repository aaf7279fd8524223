const FIRST_BYTES = 1024
/** UTF-8 has at most three bytes for a unit of UTF-16. */
const BYTES_PER_UNIT = 3
/** Texts up to this length are quicker to copy here than to hand over. */
const SHORT = 64
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const ASCII_END = 0x80

/** Characters that a JSON string has as they are; surrogates may be half of a pair. */
const plain = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

/** A JSON string literal; lone surrogates, which DuckDB's JSON functions refuse, become U+FFFD. */
export function jsonString(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text.toWellFormed())
}

/** Text written piece by piece as UTF-8: pieces that are joined as strings cost several times as much. */
export class Utf8Writer {
  #bytes: Buffer
  /** Length of the buffer. */
  #room: number
  #length = 0

  readonly #allocate: (bytes: number) => Buffer

  /** @param allocate gives memory to write to, first and when it is full. */
  constructor(
    allocate: (bytes: number) => Buffer = Buffer.allocUnsafeSlow,
    first: Buffer = allocate(FIRST_BYTES),
  ) {
    this.#allocate = allocate
    this.#bytes = first
    this.#room = first.byteLength
  }

  /** All that has been written, and room behind it; another buffer after the next write. */
  get bytes(): Buffer {
    return this.#bytes
  }

  get length(): number {
    return this.#length
  }

  /** Forgets what is written from here on. */
  cutTo(length: number): void {
    this.#length = length
  }

  /** Any text; lone surrogates become U+FFFD. */
  text(value: string): this {
    const { length } = value
    if (this.#length + length * BYTES_PER_UNIT > this.#room) this.#grow(length * BYTES_PER_UNIT)
    if (length > SHORT) {
      this.#length += this.#bytes.write(value, this.#length)
      return this
    }
    const bytes = this.#bytes
    const start = this.#length
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i)
      if (unit >= ASCII_END) {
        this.#length = start + bytes.write(value, start)
        return this
      }
      bytes[start + i] = unit
    }
    this.#length = start + length
    return this
  }

  /** A JSON string literal, as {@link jsonString} has it. */
  json(value: string): this {
    const { length } = value
    if (length > SHORT) {
      if (!plain.test(value)) return this.text(JSON.stringify(value.toWellFormed()))
      return this.text('"').text(value).text('"')
    }
    if (this.#length + length + 2 > this.#room) this.#grow(length + 2)
    const bytes = this.#bytes
    const start = this.#length + 1
    bytes[start - 1] = QUOTE
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i)
      if (unit < SPACE || unit === QUOTE || unit === BACKSLASH || unit >= ASCII_END) {
        return this.text(jsonString(value))
      }
      bytes[start + i] = unit
    }
    bytes[start + length] = QUOTE
    this.#length = start + length + 1
    return this
  }

  toString(): string {
    return this.#bytes.toString('utf8', 0, this.#length)
  }

  #grow(more: number): void {
    this.#room = Math.max(this.#length + more, this.#room * 2)
    const longer = this.#allocate(this.#room)
    this.#bytes.copy(longer, 0, 0, this.#length)
    this.#bytes = longer
  }
}

/** Writes JSON text piece by piece. */
export type WriteJson = (out: Utf8Writer) => void
