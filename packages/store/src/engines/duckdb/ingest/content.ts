import { sha256 } from '@trace2/core'
import type { Captured } from '../../../reading/index.ts'

/** Texts longer than this are stored once, by hash. */
const INLINE_LIMIT = 1024

/** Columns of a captured value: JSON in place, or the hash under which its text is kept. */
export interface CapturedColumns {
  readonly json: string | null
  readonly ref: string | null
  /** Whether the text is the value itself and no JSON. */
  readonly plain: boolean
}

/** The long texts of one batch, by hash. */
export class ContentCollector {
  readonly texts = new Map<string, string>()

  /** Keeps a text if it is long and returns its hash. */
  keepLong(text: string): string | undefined {
    return text.length > INLINE_LIMIT ? this.keep(text) : undefined
  }

  keep(text: string): string {
    const wellFormed = text.toWellFormed()
    const hash = sha256(wellFormed)
    this.keepHashed(hash, wellFormed)
    return hash
  }

  /** Keeps a text whose hash is known. */
  keepHashed(hash: string, text: string): void {
    this.texts.set(hash, text)
  }

  columns(captured: Captured | null): CapturedColumns {
    if (captured === null) return { json: null, ref: null, plain: false }
    const ref = this.keepLong(captured.text)
    if (ref !== undefined) return { json: null, ref, plain: captured.plain }
    return { json: captured.json, ref: null, plain: captured.plain }
  }
}
