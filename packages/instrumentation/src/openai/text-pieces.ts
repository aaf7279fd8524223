/** Pieces whose lengths are kept. */
const most = 16_384

/** The lengths of the pieces in which the one text of a stream comes. */
export class TextPieces {
  #of: unknown
  #lengths: number[] | undefined = []

  /** `of` tells the texts of a stream apart. */
  add(of: unknown, piece: unknown): void {
    if (typeof piece !== 'string' || !this.#lengths) return
    if (this.#lengths.length === 0) this.#of = of
    if (this.#of !== of || this.#lengths.length === most) this.#lengths = undefined
    else this.#lengths.push(piece.length)
  }

  /** `undefined` where there were several texts, or too many pieces. */
  get lengths(): readonly number[] | undefined {
    return this.#lengths
  }
}
