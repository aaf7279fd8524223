import { groupBy, printable } from '@trace2/core'
import type { Feedback, GraphNode, NodeId, RunGraph } from '@trace2/store'
import type { BackwardPass } from './backward-pass.ts'

/** What a piece of rendered text is, for whoever colours it. */
export type Tone =
  | 'plain'
  | 'faint'
  | 'strong'
  | 'parameter'
  | 'input'
  | 'feedback'
  | 'good'
  | 'error'

/** Colours text; the identity where nothing does. */
export type Paint = (tone: Tone, text: string) => string

/** What a rendering shows besides the graph itself. */
export interface RenderOptions {
  /** Feedback on this run; what lies elsewhere is left out. Default: that of the backward pass, if one is given. */
  readonly feedback?: readonly Feedback[]
  /** A backward pass over this graph, whose paths are to be marked. */
  readonly backward?: BackwardPass
}

/** What is shown at each node: the feedback on it, and whether feedback passes it. */
export interface Marks {
  readonly feedback: ReadonlyMap<NodeId, readonly Feedback[]>
  /** Nodes on a path from a trainable parameter to a node with feedback. */
  readonly passed: ReadonlySet<NodeId>
}

export function marksOf(graph: RunGraph, { feedback, backward }: RenderOptions): Marks {
  const given = feedback ?? backward?.targets.map((target) => target.feedback) ?? []
  const nodes = new Set(graph.nodes.map((node) => node.id))
  const here = given.filter((one) => nodes.has(targetOf(graph, one)))
  return {
    feedback: groupBy(here, (one) => targetOf(graph, one)),
    passed: new Set(backward?.subgraph.path.map((node) => node.id)),
  }
}

function targetOf(graph: RunGraph, { traceId, spanId }: Feedback): NodeId {
  return spanId === null ? graph.output : `span:${traceId}:${spanId}`
}

/** One line about a piece of feedback, without its comment: `accuracy 0 wrong-queue (human)`. */
export function feedbackTitle({ name, score, label, source }: Feedback): string {
  const parts = [name, score === null ? '' : formatScore(score), label ?? '', `(${source})`]
  return parts.filter((part) => part !== '').join(' ')
}

/** A score with at most four digits after the point. */
export function formatScore(score: number): string {
  return String(Math.round(score * 10_000) / 10_000)
}

/** `◆` a trainable parameter, `◇` a fixed one, `○` an input from outside, `●` an operator, `✗` one that failed. */
export function markOf(node: GraphNode): string {
  switch (node.kind) {
    case 'parameter':
      return node.trainable ? '◆' : '◇'
    case 'input':
      return '○'
    case 'op':
      return '●'
    case 'exception':
      return '✗'
  }
}

/** `870 µs`, `312 ms`, `1.24 s`, `3 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return `${Math.round(ms * 1000)} µs`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Number((ms / 1000).toPrecision(3))} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

/** What the graph has too much of to be whole, a sentence each, safe to print. */
export function leftOutOf({ repairs }: RunGraph): string[] {
  return repairs.flatMap(({ kind, detail }) => (kind === 'left-out' ? [printable(detail)] : []))
}
