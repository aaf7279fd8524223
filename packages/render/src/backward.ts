import { printable } from '@trace2/core'
import type { NodeId, ParameterNode } from '@trace2/store'
import type { BackwardPass } from './backward-pass.ts'
import type { Line } from './line.ts'
import type { NodeLinesContext } from './node-lines.ts'
import { shortestPath } from './path.ts'
import { feedbackTitle, markOf } from './view.ts'
import { wrapped } from './width.ts'

/** What feedback the run has, which parameters it reaches by which path, and why it does not reach the others. */
export function backwardLines(context: NodeLinesContext, backward: BackwardPass): Line[] {
  return [
    { segments: [['strong', 'Backward']] },
    ...givenLines(context),
    ...backward.reached.flatMap((reached) =>
      verdictLines(
        reached.parameter,
        true,
        pathText(shortestPath(reached, backward), context),
        context,
      ),
    ),
    ...backward.unreached.flatMap(({ parameter, detail }) =>
      verdictLines(parameter, false, detail, context),
    ),
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

function verdictLines(
  parameter: ParameterNode,
  reached: boolean,
  explanation: string,
  { names, width }: NodeLinesContext,
): Line[] {
  const name = `  ${markOf(parameter)} ${names.get(parameter.id) ?? printable(parameter.name)} `
  return [
    {
      segments: [
        [reached ? 'parameter' : 'plain', name],
        reached ? ['good', 'is reached'] : ['error', 'is not reached'],
      ],
    },
    ...wrapped(printable(explanation), width - 4).map(
      (text): Line => ({ segments: [['plain', `    ${text}`]] }),
    ),
  ]
}

const longestPath = 9

function pathText(path: readonly NodeId[], { names }: NodeLinesContext): string {
  const all = path.map((node) => names.get(node) ?? '')
  if (all.length <= longestPath) return all.join(' ← ')
  const half = Math.floor(longestPath / 2)
  const between = `… ${all.length - 2 * half} more …`
  return [...all.slice(0, half), between, ...all.slice(-half)].join(' ← ')
}
