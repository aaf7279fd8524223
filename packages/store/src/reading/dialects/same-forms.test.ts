import { canonicalJson } from '@trace2/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GraphNode, RunGraph } from '../../graph/graph.ts'
import { graphHash } from '../../graph/graph-hash.ts'
import { openStore } from '../../open.ts'
import { UNNAMED_PROMPT } from '../../prompt-names/index.ts'
import type { Store } from '../../store.ts'
import { forms, runIn, spellings, unnamedSpellings } from '../../testing/dialect-runs/index.ts'
import { traceId } from '../../testing/spans.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const reference = spellings.gen_ai
if (!reference) throw new Error('the reference run is missing')

const dialects = [
  ...Object.entries(spellings),
  ...Object.entries(unnamedSpellings).map(
    ([name, of]) => [spellings[name] ? `${name}, without names` : name, of] as const,
  ),
]

const all = { ...forms, 'an agent with a tool': runIn }

describe.each(Object.entries(all))('%s', (_form, spans) => {
  it.each(dialects)('has the same graph in %s', async (_dialect, spelling) => {
    await store.writeSpans([...spans(reference, 'a'), ...spans(spelling, 'b')])
    const [expected, found] = await Promise.all(['a', 'b'].map((id) => store.graph(traceId(id))))
    if (!expected || !found) throw new Error('a graph is missing')
    expect(told(found)).toEqual(told(expected))
    expect(graphHash(nameless(found))).toBe(graphHash(nameless(expected)))
  })
})

it.each(Object.entries(forms))('gives %s its edges', async (form, spans) => {
  await store.writeSpans(spans(reference, 'a'))
  expect(told(await store.graph(traceId('a'))).edges).toEqual([...(edges[form] ?? [])].sort())
})

const within = (inner: string, outer: string) => `${inner} -> ${outer}: contains contains`
const passed = (from: string, to: string, how = 'input text') => `${from} -> ${to}: ${how}`
const prompt = (chat: string) => `prompt -> ${chat}: system exact`
const description = (chat: string) => `tool.look_up.description -> ${chat}: tool.look_up exact`
const given = (...spans: readonly string[]) => spans.map((to) => `value -> ${to}: input exact`)

/** The run of the story inside of another agent. */
const story = [
  ...[passed('chat 3', 'look_up 4', 'arguments text'), passed('look_up 4', 'chat 5')],
  ...['chat 3', 'look_up 4', 'chat 5'].map((inner) => within(inner, 'support-agent 2')),
  within('support-agent 2', 'front-desk 1'),
  ...['chat 3', 'chat 5'].flatMap((chat) => [prompt(chat), description(chat)]),
  ...given('chat 3', 'chat 5', 'front-desk 1', 'look_up 4', 'support-agent 2'),
]

const edges: Readonly<Record<string, readonly string[]>> = {
  'an agent without tools': [
    ...[within('chat 2', 'support-agent 1'), prompt('chat 2')],
    ...given('chat 2', 'support-agent 1'),
  ],
  'an agent inside an agent': story,
  'two agents, one after the other': [
    ...[...story, prompt('chat 7'), ...given('chat 7')],
    ...[within('chat 7', 'editor 6'), within('editor 6', 'front-desk 1')],
    ...['chat 7', 'editor 6'].flatMap((to) => [
      ...[passed('chat 5', to), passed('support-agent 2', to)],
    ]),
    ...['chat 5', 'support-agent 2'].map((from) => passed(from, 'editor 6', 'input hash')),
  ],
}

/** What a graph says, in words that are the same for every recording of it. */
function told(graph: RunGraph) {
  const names = new Map(graph.nodes.map((node) => [node.id, nameOf(node)]))
  return {
    nodes: graph.nodes
      .map((node) =>
        'op' in node ? { op: node.op, inputs: node.inputs, value: node.value } : node.value,
      )
      .map((node) => canonicalJson(node))
      .sort(),
    edges: graph.edges
      .map(({ from, to, role, how }) => `${names.get(from)} -> ${names.get(to)}: ${role} ${how}`)
      .sort(),
    repairs: graph.repairs,
  }
}

function nameOf(node: GraphNode): string {
  if (node.kind === 'input') return 'value'
  if (node.kind !== 'parameter') return `${node.op} ${node.spanId.at(-1)}`
  return isPrompt(node.name) ? 'prompt' : node.name
}

function isPrompt(name: string): boolean {
  return name.startsWith(UNNAMED_PROMPT) || name.endsWith('.system')
}

/** A graph without the names of prompts: some dialects have none, and others one of their own. */
function nameless(graph: RunGraph): RunGraph {
  const nodes = graph.nodes.map((node) =>
    node.kind === 'parameter' && isPrompt(node.name) ? { ...node, name: 'prompt' } : node,
  )
  return { ...graph, nodes }
}
