import { wholeOrText } from '../json-numbers.ts'
import { MAX_NESTING } from './json.ts'

/** Longer texts are not tried: what Python prints of a value is short where it stands for one. */
const MAX_CHARACTERS = 1_000_000

/**
 * The value of a Python literal such as `{'a': True, 'b': (1, None)}`, as JSON has it: a tuple is a list. `undefined` where the
 * text is not one, whole, or where JSON has no such value.
 */
export function pythonLiteral(text: string): unknown {
  if (!/^\s*[[({]/.test(text) || text.length > MAX_CHARACTERS) return undefined
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

/** Under this name an object that Python printed has the name of its class. */
export const CLASS = '__class__'

/**
 * What Python prints of objects: `Order(id='A-1', lines=[Line(n=2)])`, and without the class `id='A-1' lines=[…]`. An object is its
 * members by name, with its class under {@link CLASS}; a member of an enumeration (`<Role.USER: 'user'>`) is its value, and what
 * says no more than an address (`<Client object at 0x7f…>`) is `null`. `undefined` where the text is none of that, whole.
 */
export function pythonObject(text: string): unknown {
  if (!/^\s*[\w.]{1,200}\s*[=(]/.test(text) || text.length > MAX_CHARACTERS) return undefined
  const reader = new Reader(text, true)
  try {
    const value = /^\s*\w+=/.test(text) ? reader.members() : reader.value()
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
const token =
  /\s*(?:([[\](){},:])|(['"])|(-?(?:\d[\d_]*)(?:\.\d*)?(?:[eE][+-]?\d+)?)|([A-Za-z_][\w.]*)|(<[^<>\n]{1,300}>))/y
const name = /\s*([A-Za-z_]\w*)=(?!=)/y
const enumerated = /^<[\w.]+: (.+)>$/

function numberOf(digits: string): number | string {
  return /^-?\d+$/.test(digits) ? wholeOrText(digits) : Number(digits)
}

function only(list: unknown, other: string): unknown {
  return Array.isArray(list) ? list[0] : other
}

/** Reads a text from left to right, each character once. */
class Reader {
  readonly #text: string
  /** Whether objects are read too, and not literals alone. */
  readonly #objects: boolean
  #at = 0
  /** Lists, objects and constructors around the place. */
  #depth = 0

  constructor(text: string, objects = false) {
    this.#text = text
    this.#objects = objects
  }

  value(): unknown {
    const [, mark, quote, number, word, pointed] = this.#next()
    if (quote !== undefined) return this.#texts(quote)
    if (number !== undefined) return numberOf(number.replaceAll('_', ''))
    if (word !== undefined) {
      if (Object.hasOwn(words, word)) return words[word]
      if (this.#objects && this.#takes('(')) return this.#inside(() => this.#constructed(word))
      throw new SyntaxError(word)
    }
    if (pointed !== undefined) {
      if (!this.#objects) throw new SyntaxError(pointed)
      const [, member] = enumerated.exec(pointed) ?? []
      return member === undefined ? null : only(pythonLiteral(`[${member}]`), member)
    }
    const end = closing[mark ?? '']
    if (end === undefined) throw new SyntaxError(mark)
    return this.#inside(() => (end === '}' ? this.#object() : this.#list(end)))
  }

  /** Whatever opens it: reading values deeper inside one another would exhaust the stack. */
  #inside(read: () => unknown): unknown {
    if (++this.#depth > MAX_NESTING) throw new SyntaxError('too deep')
    const value = read()
    this.#depth--
    return value
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== '') throw new SyntaxError('more')
  }

  /** Members as `name=value`, to the end of the text. */
  members(): Record<string, unknown> {
    const members: [string, unknown][] = []
    for (let name = this.#named(); name !== undefined; name = this.#named()) {
      members.push([name, this.value()])
    }
    return Object.fromEntries(members)
  }

  /** What stands between the parentheses of a constructor: one value without a name is the whole of it. */
  #constructed(name: string): unknown {
    const items: unknown[] = []
    const members: [string, unknown][] = [[CLASS, name]]
    while (!this.#takes(')')) {
      const member = this.#named()
      if (member === undefined) items.push(this.value())
      else members.push([member, this.value()])
      if (this.#takes(',')) continue
      this.#must(')')
      break
    }
    if (items.length === 0) return Object.fromEntries(members)
    return members.length === 1 && items.length === 1 ? items[0] : items
  }

  /** A name with `=` after it. */
  #named(): string | undefined {
    name.lastIndex = this.#at
    const found = name.exec(this.#text)
    if (!found) return undefined
    this.#at = name.lastIndex
    return found[1]
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
