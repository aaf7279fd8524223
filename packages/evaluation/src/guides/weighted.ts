import { raise } from '../errors.ts'
import type { Guide } from './guide.ts'

/** A guide that is part of another one. */
export interface Part {
  /** The guide. */
  readonly guide: Guide
  /** How much its score counts. Default 1. */
  readonly weight?: number
}

/**
 * Makes a guide whose score is the weighted mean of the scores of others. Each of them is called once. Their scores are
 * kept by name, and the comments of those that found a fault come first.
 *
 * @throws `T2_GUIDE_INVALID` if there are no parts, two parts of one name, or no weight above 0.
 * @example weighted('quality', [{ guide: correct, weight: 3 }, { guide: polite }])
 */
export function weighted(name: string, parts: readonly Part[]): Guide {
  const weights = parts.map(({ weight = 1 }) => weight)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (!(total > 0) || !weights.every((weight) => weight >= 0)) {
    throw raise(
      'T2_GUIDE_INVALID',
      `${name} needs parts with weights of which none is below 0 and one above.`,
    )
  }
  const names = parts.map(({ guide }) => guide.name)
  const twice = names.find((part, at) => names.indexOf(part) !== at)
  if (twice !== undefined) throw raise('T2_GUIDE_INVALID', `${name} has two parts named ${twice}.`)
  return {
    name,
    definition: {
      kind: 'weighted',
      name,
      guides: parts.map(({ guide }, at) => ({
        guide: guide.definition,
        weight: weights[at] ?? 1,
      })),
    },
    source: parts.some(({ guide }) => guide.source === 'model') ? 'model' : 'code',
    needsReference: parts.some(({ guide }) => guide.needsReference),
    async judge(subject, tools) {
      const verdicts = await Promise.all(parts.map(({ guide }) => guide.judge(subject, tools)))
      const judged = verdicts.map((verdict, at) => ({
        part: names[at] ?? '',
        weight: weights[at] ?? 1,
        ...verdict,
      }))
      const score = judged.reduce((sum, each) => sum + each.weight * each.score, 0) / total
      return {
        score,
        scores: Object.fromEntries(judged.map((each) => [each.part, each.score])),
        comment: judged
          .toSorted((a, b) => a.score - b.score)
          .map(({ part, score: own, comment }) => `${part} ${Number(own.toFixed(2))}: ${comment}`)
          .join('\n'),
      }
    },
  }
}
