import { bundle, currentRun, instrumentOpenAI, parameter, run, t } from '@trace2/instrumentation'
import OpenAI from 'openai'

const client = instrumentOpenAI(new OpenAI())
const model = process.env.TRACE2_MODEL || 'gpt-4o-mini'

const system = parameter(
  'triage.system',
  `Answer with one of: shipping, billing, other.
If the message mentions "parcel" or "delivery", answer "shipping".
If the message mentions "invoice" or "charged", answer "billing".
Otherwise, answer "other".`,
  { description: 'Instructions for choosing a team. Must name the three classes.' },
)

const classify = bundle(
  'classify',
  async (message: string, system: string) => {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [
        { role: 'system', content: t`${system}` },
        { role: 'user', content: message },
      ],
    })
    return choices[0]?.message.content ?? 'other'
  },
  { step: 'llm' },
)
const route = bundle('route', (category: string) =>
  category === 'other' ? 'a person' : `the ${category} team`,
)

/** Says who looks after a message, and which run said so. */
export const triage = run('triage', async (message: string) => ({
  team: route(await classify(message, system)),
  run: currentRun(),
}))
