import type { ValueText } from '../content/text.ts'
import type { Recording } from './recording.ts'

/** Items that are kept as they are, to see whose results a stream hands out. */
const mostKept = 64
/** The same where a mask has to see them all. */
const mostMasked = 1_000
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
  /** Items so far. */
  count = 0

  constructor(recording: Recording) {
    this.#recording = recording
    this.#isMasked = recording.content.mask !== undefined
  }

  add(item: unknown): void {
    this.count++
    this.#isText &&= typeof item === 'string'
    if (this.#isMasked ? this.#kept.length < mostMasked : this.#mayKeep(item)) this.#kept.push(item)
    const { maxValueLength } = this.#recording.content
    if (this.#isText && this.#text.length <= mostLengths * maxValueLength)
      this.#text += String(item)
    if (this.#list.length > maxValueLength) {
      this.#left++
      return
    }
    this.#list += `${this.#list === '' ? '' : ','}${this.#recording.itemText(item)}`
  }

  /** The output, and its text where that is not to be made of it. */
  output(): { readonly value: unknown; readonly text: ValueText | undefined } {
    if (this.count > 0 && this.#isText) return { value: this.#text, text: undefined }
    if (this.#isMasked) return { value: this.#kept, text: undefined }
    const rest = this.#left === 0 ? '' : `,"… ${this.#left} more"`
    const text = { text: `[${this.#list}${rest}]`, isString: false, isCut: this.#left > 0 }
    return { value: this.#kept, text }
  }

  #mayKeep(item: unknown): boolean {
    return typeof item === 'object' && item !== null && this.#kept.length < mostKept
  }
}
