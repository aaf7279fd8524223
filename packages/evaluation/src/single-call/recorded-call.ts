import type { Json } from '@trace2/core'
import {
  type ModelRequest,
  modelRequest,
  type OpNode,
  type ParameterNode,
  type RunGraph,
  type Store,
} from '@trace2/store'
import { parametersOf, type UsedParameter } from './substitute.ts'

/** The methods of a store that asking a recorded call again needs. */
export type CallStore = Pick<Store, 'graph' | 'sql'>

/** A model call of a stored run that can be asked again. */
export interface RecordedCall {
  /** Id of the span of the call. */
  readonly spanId: string
  /** The recorded request. */
  readonly request: ModelRequest
  /** The parameters that the call used. */
  readonly used: readonly UsedParameter[]
  /** Values that were filled into the template. `undefined` if there is no template. */
  readonly variables: Json | undefined
  /** The recorded output. */
  readonly output: Json
}

/** The call, or why there is none. */
export type FoundCall = { readonly call: RecordedCall } | { readonly fault: string }

/**
 * Finds the last model call of a run that used any of these parameters: the call that is nearest to the output of the
 * run, with all that the run had found out before it.
 */
export async function recordedCall(
  store: CallStore,
  run: string,
  parameters: readonly string[],
): Promise<FoundCall> {
  const graph = await store.graph(run)
  const nodes = new Map(
    graph.nodes.flatMap((node) => (node.kind === 'parameter' ? [[node.id, node] as const] : [])),
  )
  const calls = callsUsing(graph, nodes, parameters)
  const last = calls.at(-1)
  if (!last) {
    return { fault: `No model call of the run is known to use ${parameters.join(' or ')}.` }
  }
  const attributes = await attributesOf(store, last)
  const request = modelRequest(attributes, last.inputs.input)
  if (!request)
    return { fault: 'The messages of the recorded call were not captured, or were cut.' }
  if (/\[redacted:/i.test(JSON.stringify(request.messages))) {
    return { fault: 'The messages of the recorded call were redacted.' }
  }
  const used = parametersOf(graph.edges, nodes, last.id)
  const system = used.find(({ role }) => role === 'system')
  const whole = request.messages.some(({ role }) => role === 'system')
  return {
    call: {
      spanId: last.spanId,
      // The graph keeps a system prompt that is a parameter apart from the messages.
      request:
        system && !whole && typeof system.value === 'string'
          ? {
              ...request,
              messages: [{ role: 'system', content: system.value }, ...request.messages],
            }
          : request,
      used,
      variables: last.inputs.variables,
      output: last.value,
    },
  }
}

function callsUsing(
  graph: RunGraph,
  nodes: ReadonlyMap<string, ParameterNode>,
  parameters: readonly string[],
): readonly OpNode[] {
  const wanted = new Set(parameters)
  const users = new Set(
    graph.edges.flatMap(({ from, to }) => (wanted.has(nodes.get(from)?.name ?? '') ? [to] : [])),
  )
  return graph.nodes
    .filter((node): node is OpNode => node.kind === 'op' || node.kind === 'exception')
    .filter(({ id, model }) => users.has(id) && model !== null)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))
}

async function attributesOf(
  store: CallStore,
  { traceId, spanId }: OpNode,
): Promise<{ readonly [name: string]: Json }> {
  // Ids of a graph are hexadecimal digits; nothing else goes into the query.
  if (!/^[0-9a-f]{32}$/.test(traceId) || !/^[0-9a-f]{16}$/.test(spanId)) return {}
  const { rows } = await store.sql(
    `SELECT attributes::VARCHAR FROM v_span WHERE trace_id = '${traceId}' AND span_id = '${spanId}'`,
  )
  const text = rows[0]?.[0]
  const parsed: unknown = typeof text === 'string' ? JSON.parse(text) : text
  return isJsonObject(parsed) ? parsed : {}
}

function isJsonObject(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
