import { type Block, blockText } from '@trace2/store'

/** Characters from which a text that was shown is referred to instead of being shown again. */
export const worthReferring = 80

interface Place {
  readonly name: string
  readonly blocks: readonly Block[]
  readonly at: number
}

/**
 * What of a run was shown, and where: texts are shown once, and elsewhere referred to by the name of the value that has them. A
 * conversation grows from call to call, so that most of what a call was given stands in another one's already.
 */
export class ShownTexts {
  readonly #places = new Map<string, Place>()

  /**
   * The content of a value, with references in the place of what was shown. Its own texts count as shown from now on.
   *
   * @returns `isNew` is `false` where every text in it, however short, was shown before.
   */
  add(
    name: string,
    blocks: readonly Block[],
  ): { readonly content: string; readonly isNew: boolean } {
    const lines: string[] = []
    let isNew = false
    for (let at = 0; at < blocks.length; ) {
      const found = this.#longest(blocks, at)
      const block = blocks[at]
      if (!block) break
      if (!found) {
        isNew ||= !this.#places.has(block.text)
        lines.push(blockText(block))
        at++
        continue
      }
      lines.push(referenceTo(found.place, found.count, block, blocks.length))
      at += found.count
    }
    for (const [at, { text }] of blocks.entries()) {
      if (!this.#places.has(text)) this.#places.set(text, { name, blocks, at })
    }
    return { content: lines.join('\n'), isNew }
  }

  /** The longest row of blocks from a place on that stands elsewhere in the same order, if it is worth a reference. */
  #longest(
    blocks: readonly Block[],
    at: number,
  ): { readonly place: Place; readonly count: number } | undefined {
    const place = this.#places.get(blocks[at]?.text ?? '')
    if (!place) return undefined
    let count = 0
    let length = 0
    for (;;) {
      const text = blocks[at + count]?.text
      if (text === undefined || text !== place.blocks[place.at + count]?.text) break
      count++
      length += text.length
    }
    return length >= worthReferring ? { place, count } : undefined
  }
}

function referenceTo({ name, blocks, at }: Place, count: number, first: Block, of: number): string {
  const rest = count === blocks.length ? '' : partText(at, count)
  const label = count === 1 && of > 1 && first.label !== '' ? `${first.label}: ` : ''
  return `${label}[the same as ${rest}${name}]`
}

function partText(at: number, count: number): string {
  if (count > 1) {
    return at === 0 ? `the first ${count} parts of ` : `parts ${at + 1} to ${at + count} of `
  }
  return at === 0 ? 'the first part of ' : `part ${at + 1} of `
}
