import type { Proposal } from '@trace2/collector/store'
import { counted } from '@trace2/instrumentation/semconv'
import { proposalMarks } from '@trace2/optimizer'
import { type Paint, printable, renderValueDiff } from '@trace2/optimizer/render'

/** A proposal as text: the change as a diff, what it rests on, and what is unusual about it. */
export function proposalText(proposal: Proposal, paint: Paint): string[] {
  const { id, parameter, baseValue, value, runs, feedback } = proposal
  const evidence = `rests on ${counted(feedback.length, 'piece')} of feedback on ${counted(runs.length, 'run')}`
  return [
    `${paint('parameter', printable(parameter))}  ${paint('faint', `${id}, ${evidence}`)}`,
    ...proposalMarks(proposal).map(({ detail }) => `  ${paint('error', printable(detail))}`),
    ...renderValueDiff(baseValue, value, { paint })
      .split('\n')
      .map((line) => `  ${line}`),
  ]
}
