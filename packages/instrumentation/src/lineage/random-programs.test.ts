import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import fc from 'fast-check'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { Execution } from '../testing/execute.ts'
import { program } from '../testing/programs.ts'
import { inputsOf, recordSpans } from '../testing/record.ts'

const recorded = recordSpans()
beforeEach(() => recorded.reset())
afterAll(() => recorded.stop())

function callOf(span: ReadableSpan): string {
  const inputs: { _id: string } = JSON.parse(String(span.attributes['input.value']))
  return inputs._id
}

/** Recorded edges by consuming call, in the words of {@link Execution.expected}. */
function recordedEdges(spans: readonly ReadableSpan[]): Map<string, Set<string>> {
  const calls = new Map(spans.map((span) => [span.spanContext().spanId, callOf(span)]))
  const edges = spans.map((span): [string, Set<string>] => {
    const inputs = inputsOf(span).map(({ role, origin, how }) => {
      const from =
        origin.kind === 'span'
          ? calls.get(origin.spanId)
          : origin.kind === 'parameter'
            ? origin.name
            : origin.hash
      return `${role}|${from}|${origin.pointer}|${how}`
    })
    return [callOf(span), new Set(inputs)]
  })
  return new Map(edges)
}

test('the recorded edges of a random program are exactly its dataflow', async () => {
  await fc.assert(
    fc.asyncProperty(program, async ({ steps, parallel }) => {
      recorded.reset()
      const execution = new Execution('r')
      await execution.run(steps, parallel)
      expect(recordedEdges(recorded.spans())).toEqual(execution.expected)
    }),
    { numRuns: 1_000 },
  )
}, 180_000)

test('a thousand interleaved runs never exchange an edge', async () => {
  const programs = fc.sample(program, { numRuns: 1_000, seed: 7 })
  const executions = programs.map((_program, index) => new Execution(`r${index}`))
  await Promise.all(
    programs.map(({ steps, parallel }, index) => executions[index]?.run(steps, parallel)),
  )
  const expected = new Map(executions.flatMap((execution) => [...execution.expected]))
  const lines = (edges: Map<string, Set<string>>) =>
    [...edges].flatMap(([call, inputs]) => [...inputs].map((input) => `${call}|${input}`)).sort()
  expect(lines(recordedEdges(recorded.spans()))).toEqual(lines(expected))
  const traces = new Map(
    recorded.spans().map((span) => [span.spanContext().spanId, span.spanContext().traceId]),
  )
  for (const span of recorded.spans()) {
    for (const { origin } of inputsOf(span)) {
      if (origin.kind === 'span') expect(traces.get(origin.spanId)).toBe(span.spanContext().traceId)
    }
  }
}, 180_000)
