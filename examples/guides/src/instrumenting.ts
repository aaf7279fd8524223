// docs/guides/instrumenting-an-agent.md: an agent that was plain functions before, with four lines more.
import { bundle, parameter, run, t } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'

const system = parameter('triage.system', 'Name the class: billing, shipping or other.', {
  description: 'At most 120 words.',
})
const threshold = parameter('triage.threshold', 0.7, {
  schema: { type: 'number', minimum: 0, maximum: 1 },
})

/** Stands for the call of a model. */
async function ask(prompt: string): Promise<{ category: string; certainty: number }> {
  return prompt.includes('parcel')
    ? { category: 'shipping', certainty: 0.9137 }
    : { category: 'other', certainty: 0.3219 }
}

const classify = bundle('classify', async (body: string, system: string) =>
  ask(t`${system}\n\n${body}`),
)
const route = bundle('route', (category: string, certainty: number, threshold: number) =>
  certainty < threshold ? 'a person' : `the ${category} team`,
)

export const agent = run('support-agent', async (body: string) => {
  const { category, certainty } = await classify(body, system)
  return route(category, certainty, threshold)
})

/** Answers two tickets and sends their runs to a collector. */
export async function answerTickets(endpoint: string): Promise<string[]> {
  const tracing = start({ serviceName: 'support', endpoint })
  const answers = [await agent('Where is my parcel?'), await agent('Hm.')]
  await tracing.shutdown()
  return answers
}
