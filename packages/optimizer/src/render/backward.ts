import type { NodeId } from '@trace2/collector/store'
import type { Line } from './line.ts'
import type { NodeLinesContext } from './node-lines.ts'
import { printable } from './printable.ts'
import { type BackwardView, feedbackTitle, markOf } from './view.ts'
import { wrapped } from './width.ts'

/** What feedback the run has, which parameters it reaches on which way, and why it does not reach the others. */
export function backwardLines(context: NodeLinesContext, backward: BackwardView): Line[] {
  return [
    { segments: [['strong', 'Backward']] },
    ...givenLines(context),
    ...backward.parameters.flatMap((parameter) => {
      const reached = 'way' in parameter
      const explanation = reached ? wayText(parameter.way, context) : parameter.reason
      return [
        verdictLine(parameter.node, reached, context),
        ...wrapped(printable(explanation), context.width - 4).map(
          (text): Line => ({ segments: [['plain', `    ${text}`]] }),
        ),
      ]
    }),
  ]
}

function givenLines({ feedback, names }: NodeLinesContext): Line[] {
  const lines = Array.from(feedback).flatMap(([node, list]) =>
    list.map(
      (one): Line => ({
        segments: [
          ['feedback', `  ★ ${printable(feedbackTitle(one))}`],
          ['plain', ` on ${names.get(node) ?? ''}`],
        ],
      }),
    ),
  )
  return lines.length > 0 ? lines : [{ segments: [['faint', '  This run has no feedback.']] }]
}

function verdictLine(id: NodeId, reached: boolean, { names, nodes }: NodeLinesContext): Line {
  const node = nodes.get(id)
  const name = `  ${node ? markOf(node) : '?'} ${names.get(id) ?? ''} `
  return {
    segments: reached
      ? [
          ['parameter', name],
          ['good', 'is reached'],
        ]
      : [
          ['plain', name],
          ['error', 'is not reached'],
        ],
  }
}

const longestWay = 9

function wayText(way: readonly NodeId[], { names }: NodeLinesContext): string {
  const all = way.map((node) => names.get(node) ?? '')
  if (all.length <= longestWay) return all.join(' ← ')
  const half = Math.floor(longestWay / 2)
  const between = `… ${all.length - 2 * half} more …`
  return [...all.slice(0, half), between, ...all.slice(-half)].join(' ← ')
}
