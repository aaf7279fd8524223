import { counted, printable } from '@trace2/core'
import { proposalMarks } from '@trace2/optimizer'
import { displayWidth, type Paint, renderValueDiff, wrapped } from '@trace2/render'
import type { Proposal } from '@trace2/store'

/** A proposal as text: the change as a diff, what it rests on, and what is unusual about it. */
export function proposalText(proposal: Proposal, columns: number, paint: Paint): string[] {
  const { id, parameter, baseValue, value, runs, feedback } = proposal
  const evidence = `rests on ${counted(feedback.length, 'piece')} of feedback on ${counted(runs.length, 'run')}`
  const name = printable(parameter)
  const about = `${id}, ${evidence}`
  const title =
    displayWidth(`${name}  ${about}`) <= columns
      ? [`${paint('parameter', name)}  ${paint('faint', about)}`]
      : [paint('parameter', name), `  ${paint('faint', about)}`]
  return [
    ...title,
    ...proposalMarks(proposal).flatMap(({ detail }) =>
      wrapped(printable(detail), columns - 2).map((line) => `  ${paint('error', line)}`),
    ),
    ...renderValueDiff(baseValue, value, { width: columns - 2, paint })
      .split('\n')
      .map((line) => `  ${line}`),
  ]
}
