import type { Feedback, GraphNode, NodeId, RunGraph } from '@trace2/collector/store'
import { grouped } from './group.ts'

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

/** How feedback went back through one run's graph, as far as a rendering shows it. */
export interface BackwardView {
  /** Nodes that feedback passes: those on a way from a trainable parameter to a node with feedback. */
  readonly passed: ReadonlySet<NodeId>
  /** Parameters of the run: with how many steps from the feedback, or why none reaches them. */
  readonly parameters: readonly (ReachedParameter | UnreachedParameter)[]
}

export interface ReachedParameter {
  readonly node: NodeId
  /** Nodes from the one with the feedback back to the parameter, on a shortest way. */
  readonly way: readonly NodeId[]
}

export interface UnreachedParameter {
  readonly node: NodeId
  readonly reason: string
}

/** What a rendering shows besides the graph itself. */
export interface RenderOptions {
  /** Feedback on this run; what lies elsewhere is left out. */
  readonly feedback?: readonly Feedback[]
  readonly backward?: BackwardView
}

/** The node that a piece of feedback lies on; the run's output where it names no span. */
export function feedbackTarget(graph: RunGraph, feedback: Feedback): NodeId {
  return feedback.spanId === null ? graph.output : `span:${feedback.traceId}:${feedback.spanId}`
}

/** Feedback by the node that it lies on. */
export function feedbackByNode(
  graph: RunGraph,
  feedback: readonly Feedback[],
): ReadonlyMap<NodeId, readonly Feedback[]> {
  const nodes = new Set(graph.nodes.map((node) => node.id))
  const known = feedback.filter((one) => nodes.has(feedbackTarget(graph, one)))
  return grouped(known, (one) => feedbackTarget(graph, one))
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
