import { groupBy } from '@trace2/core'
import type { LlmCall } from '@trace2/store'
import { type BatchRun, nodeNames } from '../batch/index.ts'
import { type LocalExample, type Problem, scoreWords, shownText } from '../prompt/index.ts'
import { type Criticism, type Operator, reduced, through } from './criticism.ts'
import type { StrategyTools } from './strategy.ts'

/** What should be different about a variable, as one run's feedback has it. */
export interface Gradient {
  readonly variable: string
  /** The operator that used the variable in that run, with the criticism of the variable. */
  readonly element: LocalExample
  readonly calls: readonly LlmCall[]
}

/**
 * Carries the feedback on one run back, level by level, all nodes of a level in parallel. To an operator inside it, or
 * whose result it only returned, a node passes criticism on as it is; every other edge costs one call.
 */
export async function gradientsOf(
  run: BatchRun,
  problem: Problem,
  tools: StrategyTools,
): Promise<Gradient[]> {
  const { nodes, edges } = run.shape
  const names = nodeNames(run.shape)
  const into = groupBy(edges, ({ to }) => to)
  const arrived = new Map<number, Criticism[]>()
  const add = (at: number, criticism: Criticism) => {
    const known = arrived.get(at)
    if (known) known.push(criticism)
    else arrived.set(at, [criticism])
  }
  const said = run.feedback.map(({ feedback, at }) => {
    const score = scoreWords(feedback.score, problem.measures?.names.get(feedback.name))
    return { at, text: `${feedback.comment ?? feedback.label ?? feedback.name}${score}` }
  })
  for (const { at, text } of said) add(at, { text, calls: [] })
  const given = said.map(({ text }) => text).join('\n')

  const wanted = new Set(problem.variables.map(({ name }) => name))
  const gradients: Gradient[] = []
  const levels = groupBy(nodes.keys(), (at) => nodes[at]?.level ?? 0)
  for (const level of [...levels.keys()].sort((a, b) => b - a)) {
    const carried = (levels.get(level) ?? []).map(async (at) => {
      const node = nodes[at]?.node
      const here = arrived.get(at)
      if (!node || !('op' in node) || !here) return
      const criticism = await reduced(here, tools)
      const values = (into.get(at) ?? []).map(({ from, role }) => ({
        role,
        from,
        text: shownText(run.shape, from),
      }))
      const operator: Operator = {
        name: node.op,
        description: node.description,
        inputs: values.filter(({ role }) => role !== 'contains'),
        output: shownText(run.shape, at),
      }
      const sources = groupBy(into.get(at) ?? [], ({ from }) => from)
      await Promise.all(
        [...sources].map(async ([from, links]) => {
          const source = nodes[from]
          if (!source?.onPath) return
          const inside = links.every(({ role }) => role === 'contains' || role === 'return')
          if (inside && source.node.kind === 'parameter') return
          const roles = links.map(({ role }) => role)
          const passed = inside ? criticism : await through(operator, roles, criticism, tools)
          if (source.node.kind !== 'parameter') {
            add(from, passed)
            return
          }
          if (!wanted.has(source.node.name)) return
          gradients.push({
            variable: source.node.name,
            calls: passed.calls,
            element: {
              run: run.number,
              from: { run: run.graph.run, feedback: run.feedback.map((each) => each.feedback.id) },
              inputs: operator.inputs
                .filter((input) => input.from !== from)
                .map(({ role, text }) => ({ role, text })),
              output: { name: names[at] ?? operator.name, text: operator.output },
              // The first-hand words stand beside what was made of them on the way.
              feedback:
                passed.text === given ? given : `${passed.text}\nSaid of the result: ${given}`,
            },
          })
        }),
      )
    })
    await Promise.all(carried)
  }
  // Parallel calls end in any order; the prompt must not depend on it.
  return gradients.sort((a, b) => (a.element.output.name < b.element.output.name ? -1 : 1))
}
