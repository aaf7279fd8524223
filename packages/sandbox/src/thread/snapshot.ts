/** The linear memory of a WebAssembly instance. */
export interface EngineMemory {
  readonly buffer: ArrayBuffer
}

/** The part of a memory that was in use at one moment: long stretches of zeros are left out. */
export class Snapshot {
  readonly #segments: readonly { readonly start: number; readonly bytes: Uint8Array }[]

  /** Size of the whole memory, in bytes. */
  readonly memoryBytes: number

  constructor(memory: EngineMemory) {
    this.memoryBytes = memory.buffer.byteLength
    this.#segments = usedRanges(new Uint32Array(memory.buffer)).map(([from, to]) => ({
      start: from * 4,
      bytes: new Uint8Array(memory.buffer, from * 4, (to - from) * 4).slice(),
    }))
  }

  /**
   * Makes the memory what it was. Stretches that were zeros may have what was written since: below the stack and
   * beyond the heap, where an allocator takes nothing for granted.
   */
  restore(memory: EngineMemory): void {
    const all = new Uint8Array(memory.buffer)
    for (const { start, bytes } of this.#segments) all.set(bytes, start)
  }

  get size(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }
}

const longStretch = 16_384

/** Ranges of words with no long stretch of zeros in them. */
function usedRanges(words: Uint32Array): (readonly [from: number, to: number])[] {
  const ranges: (readonly [number, number])[] = []
  let from = -1
  let lastUsed = -1
  for (let index = 0; index < words.length; index++) {
    if (words[index] === 0) continue
    if (from < 0) from = index
    else if (index - lastUsed > longStretch) {
      ranges.push([from, lastUsed + 1])
      from = index
    }
    lastUsed = index
  }
  if (from >= 0) ranges.push([from, lastUsed + 1])
  return ranges
}
