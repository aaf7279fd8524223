import type { Proposal } from '@trace2/collector/store'
import { type Paint, printable } from '@trace2/optimizer/render'
import { diffLines } from 'diff'

/** A proposal as text: the change as a diff, what it rests on. */
export function proposalText(proposal: Proposal, paint: Paint): string[] {
  const { id, parameter, baseValue, value, runs, feedback } = proposal
  const evidence = `rests on ${feedback.length} pieces of feedback on ${runs.length} runs`
  return [
    `${paint('parameter', printable(parameter))}  ${paint('faint', `${id}, ${evidence}`)}`,
    ...diffLines(lines(baseValue), lines(value)).flatMap(({ added, removed, value: text }) =>
      text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => {
          if (added) return paint('good', `  + ${printable(line)}`)
          if (removed) return paint('error', `  - ${printable(line)}`)
          return `    ${printable(line)}`
        }),
    ),
  ]
}

function lines(value: Proposal['value']): string {
  return `${typeof value === 'string' ? value : JSON.stringify(value)}\n`
}
