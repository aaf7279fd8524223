import { groupBy, identifier } from '@trace2/core'
import type { Fence } from '@trace2/evaluation/prompt'
import type { FeedbackName } from '@trace2/store'
import { type Batch, isGood, type Measures, scoresOf } from '../batch/index.ts'
import { type Piece, REQUIRED } from './assemble.ts'
import { band, rankOf } from './rank.ts'
import { runList } from './run-list.ts'

/** Names that are explained whatever the room; the others come with the runs that have them. */
const firstNames = 8

/** What each name of feedback in the batch means, and which of the runs are good and which failed under it. */
export function measurePieces(batch: Batch, measures: Measures | undefined, fence: Fence): Piece[] {
  if (!measures) return []
  const judged = batch.runs.flatMap(({ number, feedback }) => {
    const given = feedback.map((placed) => placed.feedback)
    return [...scoresOf(given, measures)].map(([name, score]) => ({ name, number, score }))
  })
  const byName = groupBy(judged, ({ name }) => name)
  const [objective] = measures.ranked
  const given = new Set(
    batch.runs.flatMap(({ feedback }) => feedback.map((placed) => placed.feedback.name)),
  )
  const shown = [...measures.names.values()].filter(
    (meaning) => byName.has(meaning.name) || (given.has(meaning.name) && isUnknown(meaning)),
  )
  return shown.map((meaning, at) => {
    const { name } = meaning
    const runs = byName.get(name) ?? []
    const good = runs.filter(({ score }) => isGood(score))
    const failed = runs.filter(({ score }) => !isGood(score))
    const content = [
      isUnknown(meaning) ? 'On an unknown scale: its scores can be the best or the worst.' : '',
      orderText(meaning),
      good.length === 0 ? '' : `Good runs: ${runList(good.map(({ number }) => number))}.`,
      failed.length === 0 ? '' : `Failed runs: ${runList(failed.map(({ number }) => number))}.`,
    ].filter((line) => line !== '')
    const attributes = {
      name: identifier(name, 'feedback'),
      ...plainEnds(meaning),
      ...(name === objective ? { objective: 'true' } : {}),
    }
    const text = () => fence.element('scale', attributes, content.join(' '))
    const rank = at < firstNames ? REQUIRED + 1 : rankOf(band.run, at)
    return { section: 'Feedback', place: [-1, at], steps: [{ rank, text }] }
  })
}

/** Whether it has scores of which nobody can say whether they are good. */
function isUnknown({ unclear, scale }: FeedbackName): boolean {
  return unclear === true && scale === null
}

/** The worst and the best score or label. */
function endsOf({ scale, direction }: FeedbackName): { readonly [end: string]: string } {
  const first = String(scale?.at(0) ?? '')
  const last = String(scale?.at(-1) ?? '')
  return direction === 'lower' ? { worst: last, best: first } : { worst: first, best: last }
}

/** The ends as attributes, where they can stand outside of a fence: the order of categories has them as data. */
function plainEnds(meaning: FeedbackName): { readonly [end: string]: string } {
  if (!meaning.scale) return {}
  const ends = endsOf(meaning)
  const isPlain = (end: string) => end === '' || identifier(end, 'label') === end
  const isNumber = typeof meaning.scale[0] === 'number'
  return isNumber || Object.values(ends).every(isPlain) ? ends : {}
}

/** The categories between the ends too. */
function orderText({ scale, direction }: FeedbackName): string {
  if (typeof scale?.[0] !== 'string') return ''
  const worstFirst = direction === 'lower' ? scale.toReversed() : scale
  return `From worst to best: ${worstFirst.join(', ')}.`
}

/** ` (score 2, where 1 is worst and 5 best)`; what needs no words on a usual scale has none. */
export function scoreWords(score: number | null, meaning: FeedbackName | undefined): string {
  if (score === null) return ''
  if (meaning && isUnknown(meaning)) return ` (score ${score}, on an unknown scale)`
  const { worst, best } = meaning ? endsOf(meaning) : { worst: '', best: '' }
  const usual = worst === best || (worst === '0' && best === '1')
  return usual ? ` (score ${score})` : ` (score ${score}, where ${worst} is worst and ${best} best)`
}
