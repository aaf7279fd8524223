import type { Json } from '@trace2/core'
import type { OpNode, RunGraph, RunSummary, Store } from '@trace2/store'

/** A value in a stored run that a guide is to judge. */
export interface Target {
  readonly run: string
  readonly traceId: string
  /** Where the feedback goes: `null` is the run as a whole. */
  readonly spanId: string | null
  readonly node: OpNode
  /** What the operator was given, by role, without the parameters of the agent. */
  readonly input: { readonly [role: string]: Json }
}

/** The output of the run, or the outputs of every call of an operator in it. */
export function targetsOf(graph: RunGraph, target: string): Target[] {
  const operators = graph.nodes.flatMap((node) =>
    node.kind === 'op' || node.kind === 'exception' ? [node] : [],
  )
  const inner = target !== 'run'
  const whole = !inner && !graph.run.includes(':')
  return operators
    .filter(({ id, op }) => (inner ? op === target : id === graph.output))
    .map((node) => ({
      run: graph.run,
      traceId: node.traceId,
      spanId: whole ? null : node.spanId,
      node,
      input: inputOf(graph, node),
    }))
}

function inputOf(graph: RunGraph, node: OpNode): { readonly [role: string]: Json } {
  const parameters = new Set(
    graph.nodes.flatMap((each) => (each.kind === 'parameter' ? [each.id] : [])),
  )
  const tuned = new Set(
    graph.edges.flatMap(({ from, to, role }) =>
      to === node.id && parameters.has(from) ? [role] : [],
    ),
  )
  return Object.fromEntries(Object.entries(node.inputs).filter(([role]) => !tuned.has(role)))
}

/** Tells targets apart. */
export function targetKey({ traceId, spanId }: Pick<Target, 'traceId' | 'spanId'>): string {
  return `${traceId}:${spanId ?? ''}`
}

/** The key of a run's output as a target. */
export function runKey({ id, traceId, spanId }: RunSummary): string {
  return targetKey({ traceId, spanId: id === traceId ? null : spanId })
}

/** Keys of the targets that have feedback of this name and identifier. */
export async function judgedTargets(
  store: Pick<Store, 'sql'>,
  name: string,
  identifier: string,
): Promise<ReadonlySet<string>> {
  // The identifier is a hash of ours; the name, which may be anything, is compared here.
  const { rows } = await store.sql(
    `SELECT trace_id, span_id, name FROM v_feedback WHERE identifier = '${identifier}'`,
  )
  return new Set(
    rows
      .filter(([, , each]) => each === name)
      .map(([traceId, spanId]) =>
        targetKey({ traceId: String(traceId), spanId: spanId === null ? null : String(spanId) }),
      ),
  )
}
