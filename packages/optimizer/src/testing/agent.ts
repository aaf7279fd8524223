import { randomUUID } from 'node:crypto'
import { type Bundled, bundle, feedback, parameter, run } from '@trace2/instrumentation'
import { type Recording, startRecording } from '../live/recording.ts'

/** A small agent with a text and a number, and a name of its own, so that tests do not share parameters. */
export interface TestAgent extends Recording {
  readonly greeting: string
  readonly threshold: string
  /** Runs the agent and gives feedback on the run. */
  answer(ticket: string, given?: Given): string
}

/** Of the name `quality` where none is given. */
export interface Given {
  readonly name?: string
  readonly score?: number
  readonly comment?: string
  readonly label?: string
}

/** An agent whose runs go into a fresh in-memory store. */
export async function testAgent(): Promise<TestAgent> {
  const recording = await startRecording()
  const id = randomUUID().slice(0, 8)
  const greeting = parameter(`greeting-${id}`, 'Hello', { description: 'At most ten words.' })
  const threshold = parameter(`threshold-${id}`, 0.5, {
    schema: { type: 'number', minimum: 0, maximum: 1 },
  })
  const classify = bundle(
    'classify',
    (ticket: string, limit: number) => (ticket.length / 100 > limit ? 'long' : 'short'),
    { description: 'Labels a ticket by its length.' },
  )
  const reply = bundle('reply', (label: string, text: string) => `${text}! (${label} ticket)`)
  const agent: Bundled<(ticket: string) => string> = run('agent', (ticket: string) => {
    const label = classify.node(ticket, threshold)
    return reply(label, greeting)
  })
  return {
    ...recording,
    greeting: greeting.name,
    threshold: threshold.name,
    answer(ticket, given) {
      const output = agent.node(ticket)
      if (given) feedback(output, { name: 'quality', source: 'human', ...given })
      return output.value
    },
  }
}
