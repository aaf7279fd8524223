import { randomUUID } from 'node:crypto'
import { bundle, feedback, type Parameter, parameter, run } from '@trace2/instrumentation'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import OpenAI from 'openai'
import { type Recording, startRecording } from '../live/recording.ts'

const tickets = [
  ['I was charged twice for March.', 'billing', 'charged twice'],
  ['My invoice shows the wrong address.', 'billing', 'invoice'],
  ['The app crashes when I open a file.', 'technical', 'crashes'],
  ['The screen stays black after the update.', 'technical', 'screen'],
  ['Please send me the invoice of May.', 'billing', 'invoice'],
  ['It crashes again on my phone.', 'technical', 'crashes'],
] as const

/** An agent that asks the simulated model for a label, badly at first; what it should have said is known. */
export interface Triage extends Recording {
  readonly system: Parameter<string>
  readonly client: OpenAI
  readonly model: string
  requests(): number
  /** Runs the agent on every ticket, gives feedback, and returns the share of right answers. */
  score(): Promise<number>
  close(): Promise<void>
}

export async function triage(): Promise<Triage> {
  const simulated = await startSimulatedModel({ seed: 1 })
  const client = new OpenAI({ baseURL: simulated.url, apiKey: 'none' })
  const recording = await startRecording()
  const system = parameter(
    `triage-${randomUUID().slice(0, 8)}.system`,
    'Classify the ticket. Answer with one of: billing, technical.',
  )
  const classify = bundle('classify', async (ticket: string, prompt: string) => {
    const { choices } = await client.chat.completions.create({
      model: CHAT_MODEL,
      messages: [
        { role: 'system', content: prompt },
        { role: 'user', content: ticket },
      ],
    })
    return choices[0]?.message.content ?? ''
  })
  const agent = run('triage', (ticket: string) => classify(ticket, system))
  return {
    ...recording,
    system,
    client,
    model: CHAT_MODEL,
    requests: simulated.requests,
    async score() {
      let right = 0
      for (const [ticket, label, why] of tickets) {
        const answer = await agent.node(ticket)
        const good = answer.value === label
        if (good) right++
        feedback(answer, {
          name: 'label',
          score: good ? 1 : 0,
          comment: good ? 'Correct.' : `The label should be "${label}" because of "${why}".`,
        })
      }
      await recording.flush()
      return right / tickets.length
    },
    async close() {
      await simulated.close()
      await recording.store.close()
    },
  }
}
