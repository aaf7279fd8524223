import { printable } from '@trace2/core'
import { formatScore, type Paint, wrapped } from '@trace2/render'
import { type Feedback, type FeedbackName, normalizedScore } from '@trace2/store'
import { meaningText } from './feedback-names.ts'
import { counted } from './values.ts'

/** Comments told per name: those said most often, of the worst score first. */
const mostComments = 5

/** Feedback by name: how much there is, its mean and the scale of it, and what was said how often. Printable. */
export function feedbackSummary(
  feedback: readonly Feedback[],
  meanings: readonly FeedbackName[],
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string {
  if (feedback.length === 0) return 'None of it is in this store.'
  const names = [...new Set(feedback.map(({ name }) => name))].sort()
  return names
    .flatMap((name) => {
      const all = feedback.filter((one) => one.name === name)
      const meaning = meanings.find((known) => known.name === name)
      const said = comments(all, meaning)
      const more = said.length - mostComments
      return [
        paint('feedback', printable(`★ ${name}: ${aboutScores(all, meaning)}`)),
        ...said.slice(0, mostComments).flatMap(({ text, count }) => {
          const times = `${String(count).padStart(4)}× `
          const lines = wrapped(printable(text), Math.min(columns, 100) - times.length)
          return lines.map((line, index) => (index === 0 ? times : ' '.repeat(times.length)) + line)
        }),
        ...(more > 0 ? [paint('faint', `      … and ${counted(more, 'other comment')}`)] : []),
      ]
    })
    .join('\n')
}

function aboutScores(feedback: readonly Feedback[], meaning: FeedbackName | undefined): string {
  const scores = feedback.flatMap(({ score }) => (score === null ? [] : [score]))
  const pieces = counted(feedback.length, 'piece')
  if (scores.length === 0) return pieces
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  const isPlain = meaning?.scale?.[1] === 1 && meaning.direction === 'higher'
  const scale = meaning?.scale && !isPlain ? ` (${meaningText(meaning)})` : ''
  return `${pieces}, mean ${formatScore(mean)}${scale}`
}

interface Comment {
  readonly text: string
  readonly count: number
  readonly score: number
}

function comments(
  feedback: readonly Feedback[],
  meaning: FeedbackName | undefined,
): readonly Comment[] {
  const byText = new Map<string, Comment>()
  for (const one of feedback) {
    const { comment } = one
    const score = normalizedScore(one, meaning)
    const text = (comment ?? '').replaceAll(/\s+/g, ' ').trim()
    if (text === '') continue
    const known = byText.get(text) ?? { text, count: 0, score: Number.POSITIVE_INFINITY }
    byText.set(text, {
      text,
      count: known.count + 1,
      score: Math.min(known.score, score ?? Number.POSITIVE_INFINITY),
    })
  }
  return [...byText.values()].sort(
    (a, b) => b.count - a.count || compare(a.score, b.score) || (a.text < b.text ? -1 : 1),
  )
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}
