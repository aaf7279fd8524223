/** A score and what it should have been, from 0 to 1. */
export interface Labelled {
  /** The score that was given. */
  readonly score: number
  /** The score that is right. */
  readonly label: number
}

/** Maps a score to the score that is expected to be right. Both are from 0 to 1. */
export type ScoreMap = (score: number) => number

interface Block {
  from: number
  to: number
  weight: number
  mean: number
}

/**
 * The rising function nearest to the labels by least squares, by pooling adjacent violators (Ayer and others, "An empirical
 * distribution function for sampling with incomplete information", 1955). Between its steps it is a straight line.
 */
export function isotonicMap(labelled: readonly Labelled[]): ScoreMap {
  const blocks: Block[] = []
  for (const { score, label } of labelled.toSorted((a, b) => a.score - b.score)) {
    const last = blocks.at(-1)
    // Equal scores have one value.
    if (last?.to === score) pool(last, { from: score, to: score, weight: 1, mean: label })
    else blocks.push({ from: score, to: score, weight: 1, mean: label })
  }
  const rising: Block[] = []
  for (const block of blocks) {
    let next = block
    for (let last = rising.at(-1); last && last.mean >= next.mean; last = rising.at(-1)) {
      rising.pop()
      pool(last, next)
      next = last
    }
    rising.push(next)
  }
  return (score) => valueAt(rising, score)
}

function pool(into: Block, other: Block): void {
  const weight = into.weight + other.weight
  into.mean = (into.mean * into.weight + other.mean * other.weight) / weight
  into.weight = weight
  into.to = other.to
}

function valueAt(blocks: readonly Block[], score: number): number {
  let [low, high] = [0, blocks.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((blocks[middle]?.to ?? 0) < score) low = middle + 1
    else high = middle
  }
  const next = blocks[low]
  const last = blocks[low - 1]
  if (!next) return last?.mean ?? 0.5
  if (!last || score >= next.from) return next.mean
  const share = (score - last.to) / (next.from - last.to)
  return last.mean + share * (next.mean - last.mean)
}
