import { type Fidelity, lesser } from '../content/fidelity.ts'
import type { ValueText } from '../content/text.ts'
import type { Recording } from './recording.ts'

/** Items that are kept as they are, to see whose results a stream hands out. */
const mostKept = 64
/** The same where a mask has to see them all. */
const mostMasked = 1_000
/** Pieces of a text whose lengths are kept. */
const mostPieces = 16_384
/** Longest text of a stream that is kept, as a multiple of the longest value. */
const mostLengths = 4

/** What a stream gave: pieces of text make one text, anything else is a list. Keeps little more than is recorded. */
export class StreamItems {
  readonly #recording: Recording
  readonly #isMasked: boolean
  readonly #kept: unknown[] = []
  #isText = true
  #text = ''
  #list = ''
  #left = 0
  #pieces: number[] | undefined = []
  #fidelity: Fidelity = 'exact'
  /** Items so far. */
  count = 0

  constructor(recording: Recording) {
    this.#recording = recording
    this.#isMasked = recording.content.mask !== undefined
  }

  add(item: unknown): void {
    this.count++
    if (typeof item !== 'string') this.#isText = false
    else if (this.#isText) this.#note(item.length)
    if (this.#isMasked ? this.#kept.length < mostMasked : this.#mayKeep(item)) this.#kept.push(item)
    const { maxValueLength } = this.#recording.content
    if (this.#isText && this.#text.length <= mostLengths * maxValueLength)
      this.#text += String(item)
    if (this.#list.length > maxValueLength) {
      this.#left++
      return
    }
    const { text, isCut, fidelity } = this.#recording.itemText(item)
    this.#fidelity = lesser(this.#fidelity, isCut ? 'opaque' : fidelity)
    this.#list += `${this.#list === '' ? '' : ','}${text}`
  }

  /** The output, its text where that is not to be made of it, and in which pieces a text came. */
  output(): {
    readonly value: unknown
    readonly text: ValueText | undefined
    readonly pieces: readonly number[] | undefined
  } {
    if (this.count > 0 && this.#isText) {
      return { value: this.#text, text: undefined, pieces: this.#pieces }
    }
    if (this.#isMasked) return { value: this.#kept, text: undefined, pieces: undefined }
    const rest = this.#left === 0 ? '' : `,"… ${this.#left} more"`
    const text = {
      text: `[${this.#list}${rest}]`,
      isString: false,
      isCut: this.#left > 0,
      fidelity: this.#fidelity,
    }
    return { value: this.#kept, text, pieces: undefined }
  }

  #note(length: number): void {
    if (this.#pieces && this.#pieces.length < mostPieces) this.#pieces.push(length)
    else this.#pieces = undefined
  }

  #mayKeep(item: unknown): boolean {
    return typeof item === 'object' && item !== null && this.#kept.length < mostKept
  }
}
