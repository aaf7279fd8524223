import { isTooDeep } from './json.ts'

/** Longer texts are not tried: what Python prints of a value is short where it stands for one. */
const MAX_CHARACTERS = 1_000_000

/**
 * The value of a Python literal such as `{'a': True, 'b': (1, None)}`, as JSON has it: a tuple is a list. `undefined` where the
 * text is not one, whole, or where JSON has no such value.
 */
export function pythonLiteral(text: string): unknown {
  if (!/^\s*[[({]/.test(text) || text.length > MAX_CHARACTERS || isTooDeep(text)) return undefined
  const reader = new Reader(text)
  try {
    const value = reader.value()
    reader.end()
    return value
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const words: Readonly<Record<string, unknown>> = { True: true, False: false, None: null }
const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}' }
const escapes: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\u0007', '\n': '' },
}
const token = /\s*(?:([[\](){},:])|(['"])|(-?(?:\d[\d_]*)(?:\.\d*)?(?:[eE][+-]?\d+)?)|([A-Za-z]+))/y

/** Reads a text from left to right, each character once. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): unknown {
    const [, mark, quote, number, word] = this.#next()
    if (quote !== undefined) return this.#texts(quote)
    if (number !== undefined) return Number(number.replaceAll('_', ''))
    if (word !== undefined) {
      if (!Object.hasOwn(words, word)) throw new SyntaxError(word)
      return words[word]
    }
    const end = closing[mark ?? '']
    if (end === undefined) throw new SyntaxError(mark)
    return end === '}' ? this.#object() : this.#list(end)
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== '') throw new SyntaxError('more')
  }

  #list(end: string): unknown[] {
    const items: unknown[] = []
    while (!this.#takes(end)) {
      items.push(this.value())
      if (this.#takes(',')) continue
      this.#must(end)
      break
    }
    return items
  }

  #object(): Record<string, unknown> {
    const members: [string, unknown][] = []
    while (!this.#takes('}')) {
      const key = this.value()
      if (typeof key !== 'string') throw new SyntaxError('a key that is no text')
      this.#must(':')
      members.push([key, this.value()])
      if (this.#takes(',')) continue
      this.#must('}')
      break
    }
    return Object.fromEntries(members)
  }

  /** Python puts texts that stand beside one another together. */
  #texts(quote: string): string {
    let text = this.#quoted(quote)
    for (;;) {
      const before = this.#at
      const next = this.#peek()
      if (next?.[2] === undefined) {
        this.#at = before
        return text
      }
      text += this.#quoted(next[2])
    }
  }

  #quoted(quote: string): string {
    const parts: string[] = []
    for (let from = this.#at; ; ) {
      const code = this.#text[this.#at]
      if (code === undefined) throw new SyntaxError('open text')
      if (code === quote) {
        parts.push(this.#text.slice(from, this.#at))
        this.#at++
        return parts.join('')
      }
      this.#at++
      if (code !== '\\') continue
      parts.push(this.#text.slice(from, this.#at - 1), this.#escape())
      from = this.#at
    }
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? ''
    const digits = { x: 2, u: 4, U: 8 }[letter]
    if (digits === undefined)
      return escapes[letter] ?? (/['"\\]/.test(letter) ? letter : `\\${letter}`)
    const hex = this.#text.slice(this.#at, this.#at + digits)
    const code = /^[0-9a-fA-F]+$/.test(hex) ? Number.parseInt(hex, 16) : Number.NaN
    if (hex.length < digits || !(code <= 0x10ffff)) throw new SyntaxError('escape')
    this.#at += digits
    return String.fromCodePoint(code)
  }

  #next(): RegExpExecArray {
    const found = this.#peek()
    if (!found) throw new SyntaxError('no value')
    return found
  }

  #peek(): RegExpExecArray | undefined {
    token.lastIndex = this.#at
    const found = token.exec(this.#text)
    if (found) this.#at = token.lastIndex
    return found ?? undefined
  }

  #takes(mark: string): boolean {
    const before = this.#at
    if (this.#peek()?.[1] === mark) return true
    this.#at = before
    return false
  }

  #must(mark: string): void {
    if (!this.#takes(mark)) throw new SyntaxError(`no ${mark}`)
  }
}
