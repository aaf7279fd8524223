import type { RowBlock } from '../bulk/index.ts'

/** Blocks of rows whose memory is used again, up to so many bytes. What is more is left to the garbage collector. */
export class FreeBlocks<Table extends string> {
  readonly #most: number
  readonly #blocks = new Map<Table, RowBlock[]>()
  #bytes = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** A block that held rows of that table before; `undefined` where there is none. */
  take(table: Table): RowBlock | undefined {
    const block = this.#blocks.get(table)?.pop()
    if (block) this.#bytes -= block.bytes
    return block
  }

  add(table: Table, blocks: Iterable<RowBlock>): void {
    const kept = this.#blocks.get(table) ?? []
    this.#blocks.set(table, kept)
    for (const block of blocks) {
      if (this.#bytes + block.bytes > this.#most) continue
      this.#bytes += block.bytes
      kept.push(block)
    }
  }

  clear(): void {
    this.#blocks.clear()
    this.#bytes = 0
  }
}
