import { printable } from '@trace2/core'
import type { Agreement, JudgeQuality, NameTrust, RaterReport } from '@trace2/evaluation/trust'
import { wrapped } from '@trace2/render'
import type { Terminal } from '../terminal/terminal.ts'
import { type Cell, type Column, table } from './table.ts'
import { counted } from './values.ts'

const columns: readonly Column[] = [
  { title: 'RATER', flexible: true },
  { title: 'RATINGS', align: 'right' },
  { title: 'LABELS', align: 'right', optional: 1 },
  { title: 'AUC', align: 'right' },
  { title: '95 %' },
  { title: 'ERROR', optional: 2 },
  { title: 'SHARE', align: 'right' },
]

type Layout = Pick<Terminal, 'columns' | 'paint'>

/** Who gives feedback of one name, how far they agree, and what each is worth. */
export function trustText(trust: NameTrust, layout: Layout): string {
  const { name, raters, units, ratedBySeveral } = trust
  const { paint } = layout
  const people = raters.some(({ source }) => source === 'human')
  const onlyPeople = raters.every(({ source }) => source === 'human')
  const lines = (text: string) => wrapped(printable(text), layout.columns)
  return [
    ...lines(
      `★ ${name}: ${units === 1 ? '1 run or call' : `${units.toLocaleString('en-US')} runs and calls`}, ${ratedBySeveral.toLocaleString('en-US')} rated by several`,
    ).map((line) => paint('feedback', line)),
    ...(onlyPeople ? [] : lines(agreementText('All raters', trust.agreement))),
    ...(people ? lines(agreementText('People', trust.people)) : []),
    '',
    table(columns, raters.map(rowOf), layout),
    ...raters.flatMap((rater) => {
      const said = judgeText(rater, name)
      return said === undefined ? [] : ['', ...lines(said)]
    }),
  ].join('\n')
}

const meaning: { readonly [word in Agreement['word']]: string } = {
  good: 'good',
  tentative: 'tentative, enough for conclusions that may still change',
  none: 'none to rely on',
  unclear: 'unclear until more is rated by several',
}

function agreementText(who: string, agreement: Agreement | null): string {
  if (!agreement)
    return `${who}: no agreement to measure, since nothing was rated by two, or everything alike.`
  const { alpha, word, units } = agreement
  return `${who}: agreement ${meaning[word]} (alpha ${alpha.toFixed(2)}, ${rangeText(agreement)}, on ${units.toLocaleString('en-US')}).`
}

function rowOf(rater: RaterReport): Cell[] {
  const { ratings, quality, share } = rater
  const found = quality?.separation
  const calibration = quality?.calibration
  return [
    raterName(rater),
    ratings.toLocaleString('en-US'),
    quality ? quality.labels.toLocaleString('en-US') : '',
    found
      ? { text: found.auc.toFixed(2), tone: quality.state === 'useful' ? 'good' : 'error' }
      : '',
    found ? rangeText(found) : '',
    calibration
      ? `${calibration.before.calibrationError.toFixed(2)} → ${calibration.after.calibrationError.toFixed(2)}`
      : '',
    share === null ? '' : `${Math.round(100 * share)} %`,
  ]
}

function raterName({ source, identifier }: RaterReport): string {
  return `${source} ${identifier ?? '(unnamed)'}`
}

function rangeText({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`
}

/** What a judge is worth, where the table does not say all. */
function judgeText(rater: RaterReport, name: string): string | undefined {
  const { quality, peopleUnder } = rater
  if (!quality) return undefined
  const who = raterName(rater)
  const labels = `${counted(quality.labels, 'label')} of people${peopleUnder === null || peopleUnder === name ? '' : ` (${peopleUnder})`}`
  const found = quality.separation
  const figures = found ? ` (AUC ${found.auc.toFixed(2)}, ${rangeText(found)})` : ''
  switch (quality.state) {
    case 'useful':
      return quality.calibration
        ? `${who} tells good from bad${figures} by ${labels}; its scores are brought to theirs (${methodText(quality)}).`
        : `${who} tells good from bad${figures} by ${labels}; too few to calibrate it.`
    case 'useless':
      return `${who} is useless so far: by ${labels} it cannot tell good from bad${figures}. ${moreText(quality)}`
    case 'upside down':
      return `${who} is upside down: by ${labels} it gives the better scores to what is bad${figures}. Check the direction of the name.`
    case 'too few labels':
      return `${who} cannot be measured by ${labels}: people must have found some good and some bad, at least five of each. ${moreText(quality)}`
  }
}

function methodText({ calibration }: JudgeQuality): string {
  return calibration?.method === 'isotonic' ? 'isotonic regression' : 'logistic regression'
}

function moreText({ moreLabels }: JudgeQuality): string {
  return moreLabels === null || moreLabels === 0
    ? 'A judge worth having would have shown with so many labels.'
    : `About ${counted(moreLabels, 'more label')} would tell.`
}
