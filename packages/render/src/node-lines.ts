import type { Json } from '@trace2/core'
import { printable, printableJson, printableLines } from '@trace2/core'
import {
  type Feedback,
  type GraphEdge,
  type GraphNode,
  type NodeId,
  type OpNode,
  type RunGraph,
  textWithoutPackaging,
} from '@trace2/store'
import { frameLines } from './frame-lines.ts'
import type { Line, Segment } from './line.ts'
import { feedbackTitle, formatDuration, markOf, type Tone } from './view.ts'
import { displayWidth, padded, shorten, wrapped } from './width.ts'

/** What the lines of one node are made from. */
export interface NodeLinesContext {
  readonly graph: RunGraph
  readonly names: ReadonlyMap<NodeId, string>
  readonly nodes: ReadonlyMap<NodeId, GraphNode>
  readonly incoming: ReadonlyMap<NodeId, readonly GraphEdge[]>
  readonly feedback: ReadonlyMap<NodeId, readonly Feedback[]>
  /** The calls whose answers stand for those of calls around them that recorded none. */
  readonly answers: ReadonlyMap<NodeId, OpNode>
  readonly full: boolean
  readonly width: number
}

const longestName = 32

/** The parameters of a run, then its inputs: one line each, values in a column. */
export function sourceLines(context: NodeLinesContext): Line[] {
  const { graph, names } = context
  const sources = [
    ...graph.nodes.filter((node) => node.kind === 'parameter'),
    ...graph.nodes.filter((node) => node.kind === 'input'),
  ]
  const isForeign = graph.nodes.every((node) => !('dialect' in node) || node.dialect !== 'trace2')
  const column = columnFor(sources.map((node) => names.get(node.id) ?? ''))
  return sources.flatMap((node) => {
    const tone = node.kind === 'parameter' ? 'parameter' : 'input'
    const name: Segment = [tone, `${markOf(node)} ${fitted(names.get(node.id) ?? '', column)}  `]
    const right = node.kind === 'parameter' ? { right: `@${node.version.slice(0, 8)}` } : {}
    if (!context.full) {
      return [{ node: node.id, segments: [name, ['plain', lineOf(node, isForeign)]], ...right }]
    }
    return [{ node: node.id, segments: [name], ...right }, ...valueLines(node, '    ', context)]
  })
}

/** One operator: its name, where each of its inputs came from, its output, the feedback on it. */
export function operatorLines(node: OpNode, context: NodeLinesContext): Line[] {
  const failed = node.kind === 'exception'
  const about = [
    node.run ? 'run' : '',
    printable(node.model ?? ''),
    formatDuration(node.durationMs),
  ]
  const title: Line = {
    node: node.id,
    segments: [
      [failed ? 'error' : 'plain', `${markOf(node)} `],
      [failed ? 'error' : 'strong', context.names.get(node.id) ?? ''],
    ],
    right: about.filter((part) => part !== '').join(' · '),
  }
  return [
    title,
    ...inputLines(node, context),
    ...outputLines(node, context),
    ...(context.feedback.get(node.id) ?? []).flatMap((one) => feedbackLines(node, one, context)),
  ]
}

function inputLines(node: OpNode, context: NodeLinesContext): Line[] {
  const edges = (context.incoming.get(node.id) ?? []).map((edge) => {
    const producer = context.nodes.get(edge.from)
    const mark = producer ? markOf(producer) : '?'
    const name = context.names.get(edge.from) ?? printable(edge.from)
    const tone: Tone = producer?.kind === 'parameter' ? 'parameter' : 'plain'
    return {
      edge,
      tone,
      role: printable(edge.role),
      origin: `${mark} ${name} ${printable(edge.pointer)}`.trimEnd(),
    }
  })
  const roleColumn = columnFor(edges.map(({ role }) => role))
  const originColumn = columnFor(edges.map(({ origin }) => origin))
  return edges.map(({ edge, tone, role, origin }) => ({
    node: node.id,
    segments: [
      ['faint', `  ${fitted(role, roleColumn)} ← `],
      [tone, fitted(origin, originColumn)],
      ['faint', `  ${edge.how}`],
    ],
  }))
}

function outputLines(node: OpNode, context: NodeLinesContext): Line[] {
  if (node.kind === 'exception') {
    const message: Line = {
      node: node.id,
      segments: [
        ['error', `  → ${printable(typeof node.value === 'string' ? node.value : 'error')}`],
      ],
    }
    return [
      message,
      ...frameLines(node.errorFrame ?? '', context.full).map(
        (text): Line => ({ node: node.id, segments: [['faint', `      ${text}`]] }),
      ),
    ]
  }
  const answer = context.answers.get(node.id)
  // What another recorder has not recorded need not be null.
  if (!answer && node.value === null && node.dialect !== 'trace2') return []
  const whose = answer ? `${markOf(answer)} ${context.names.get(answer.id) ?? ''}  ` : ''
  if (context.full) {
    if (!answer) return valueLines(node, '  → ', context)
    const title: Line = { node: node.id, segments: [['faint', `  → ${whose}`]] }
    return [title, ...valueLines({ id: node.id, value: answer.value }, '    ', context)]
  }
  return [
    {
      node: node.id,
      segments: [
        ['faint', `  → ${whose}`],
        ['plain', lineOf(answer ?? node, node.dialect !== 'trace2')],
      ],
    },
  ]
}

/** A value on one line: what a stranger's framework has packed is read out of its packaging. */
function lineOf({ value }: { readonly value: Json }, isForeign: boolean): string {
  if (!isForeign) return printableJson(value)
  const text = textWithoutPackaging(value)
  return typeof value === 'string' && text === value ? printableJson(value) : printable(text)
}

/** A whole value: text as its own lines, anything else as indented JSON. */
function valueLines(
  node: { readonly id: NodeId; readonly value: Json },
  prefix: string,
  { width }: NodeLinesContext,
): Line[] {
  const { value } = node
  const raw =
    typeof value === 'string' ? printableLines(value) : printableJson(value, 2).split('\n')
  const lines = raw.flatMap((line) => wrapped(line, width - prefix.length))
  return lines.map((text, index) => ({
    node: node.id,
    segments: [
      ['faint', index === 0 ? prefix : ' '.repeat(prefix.length)],
      ['plain', text],
    ],
  }))
}

function feedbackLines(node: OpNode, feedback: Feedback, context: NodeLinesContext): Line[] {
  const title: Line = {
    node: node.id,
    segments: [['feedback', `  ★ ${printable(feedbackTitle(feedback))}`]],
  }
  if (feedback.comment === null || feedback.comment === '') return [title]
  const lines = printableLines(feedback.comment).flatMap((line) => wrapped(line, context.width - 4))
  const shown = context.full ? lines : lines.slice(0, 3)
  const cut = shown.length < lines.length
  return [
    title,
    ...shown.map((text, index): Line => {
      const rest = cut && index === shown.length - 1 ? ' …' : ''
      return { node: node.id, segments: [['feedback', `    ${text}${rest}`]] }
    }),
  ]
}

function columnFor(texts: readonly string[]): number {
  let widest = 0
  for (const text of texts) widest = Math.max(widest, displayWidth(text))
  return Math.min(longestName, widest)
}

function fitted(text: string, columns: number): string {
  return padded(shorten(text, columns), columns)
}
