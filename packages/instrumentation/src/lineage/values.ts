import type { Part, Producer } from './producer.ts'
import { mostCharacters } from './recent-values.ts'
import { walk } from './walk.ts'

/**
 * How many producers of one run are remembered; past twice as many, or twice as many characters as are kept of them, the older
 * half is forgotten.
 */
const remembered = 4_096
/** What is kept of a run that has ended. */
const latest = 64
const latestCharacters = 64 * 1024

/**
 * Which operators of one run produced which distinctive primitive. Outputs are indexed only when a look-up finds
 * no better answer, from their JSON text, so that what happened to the object since does not matter.
 */
export class Values {
  #producers: Producer[] = []
  #characters = 0
  #indexed = 0
  readonly #index = new Map<string | number, Part[]>()

  add(producer: Producer): void {
    if (producer.text.length > longestText) return
    this.#producers.push(producer)
    this.#characters += producer.text.length
    if (this.#producers.length < 2 * remembered && this.#characters < 2 * mostCharacters) return
    this.#forget()
  }

  /** Forgets the oldest, until no more than so many are left. */
  #forget(mostProducers = remembered, most = mostCharacters): void {
    let first = this.#producers.length
    let characters = 0
    while (first > 0 && this.#producers.length - first < mostProducers) {
      const { length } = this.#producers[first - 1]?.text ?? ''
      if (characters + length > most) break
      characters += length
      first--
    }
    this.#characters = characters
    this.#producers = this.#producers.slice(first)
    this.#index.clear()
    this.#indexed = 0
  }

  /** Keeps a little of what came last, for work that goes on after the run: a timer, a listener, the loser of a race. */
  end(): void {
    this.#forget(latest, latestCharacters)
  }

  /** The one producer of this value; `undefined` where there is none, or more than one. */
  find(value: string | number): Part | undefined {
    if (!isDistinctive(value)) return undefined
    for (; this.#indexed < this.#producers.length; this.#indexed++) {
      const producer = this.#producers[this.#indexed]
      if (producer) this.#addToIndex(producer)
    }
    const parts = this.#index.get(value)
    if (!parts || parts.length === 1) return parts?.[0]
    // An operator that returned an inner result unchanged stands for it.
    const inner = new Set(parts.flatMap((part) => part.producer.returned))
    const outermost = parts.filter((part) => !inner.has(part.producer))
    return outermost.length === 1 ? outermost[0] : undefined
  }

  #addToIndex(producer: Producer): void {
    const { text, isString, texts = [] } = producer
    for (const form of texts) this.#addLeaf(form.text, producer, form.pointer)
    if (isString) {
      this.#addText(text, producer, '')
    } else if (mayBeDistinctive.test(text)) {
      // An object that was made text again (a tool's answer to a model) is still that object.
      this.#addLeaf(text, producer, '')
      walk(JSON.parse(text), (leaf, pointer) => {
        if (typeof leaf === 'string') this.#addText(leaf, producer, pointer)
        else if (typeof leaf === 'number') this.#addLeaf(leaf, producer, pointer)
        return undefined
      })
    }
  }

  /** A text that is itself JSON (structured output, the arguments of a tool) counts with the leaves in it. */
  #addText(text: string, producer: Producer, pointer: string): void {
    this.#addLeaf(text, producer, pointer)
    if (text.length > longestJson || !/^\s*[[{]/.test(text)) return
    walk(parsed(text), (leaf) => {
      if (typeof leaf === 'string' || typeof leaf === 'number')
        this.#addLeaf(leaf, producer, pointer)
      return undefined
    })
  }

  #addLeaf(leaf: string | number, producer: Producer, pointer: string): void {
    if (!isDistinctive(leaf)) return
    const parts = this.#index.get(leaf)
    if (!parts) this.#index.set(leaf, [{ producer, pointer }])
    else if (parts.at(-1)?.producer !== producer) parts.push({ producer, pointer })
  }
}

/** A longer text is not kept, to be compared with others. */
const longestText = 1024 * 1024

/** A longer text is not taken apart to see what is in it. */
const longestJson = 128 * 1024

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether JSON text has a string of five characters (and is no key) or a long number: most have, `{"ok":true}` has not. */
const mayBeDistinctive = /"[^"]{5,}"(?!:)|\\"|\d[\d.eE+-]{3}/

/** Whether two places that hold this value probably got it from one another. */
export function isDistinctive(value: string | number): boolean {
  if (typeof value === 'string') {
    return value.length >= 5 && value !== 'false' && value !== 'undefined'
  }
  return Number.isFinite(value) && significantDigits(value) >= 4
}

function significantDigits(value: number): number {
  if (Math.abs(value) < 1_000 && Number.isInteger(value)) return 3
  const [mantissa = ''] = String(Math.abs(value)).split('e')
  const digits = mantissa.replace('.', '').replace(/^0+/, '')
  return mantissa.includes('.') ? digits.length : digits.replace(/0+$/, '').length
}
