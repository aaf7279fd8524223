import { bundle, currentRun, instrumentOpenAI, parameter, run, t } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'
import type { Handler } from 'aws-lambda'
import OpenAI from 'openai'

const tracing = start({ serviceName: 'mail-sorter' })
const client = instrumentOpenAI(new OpenAI())
const model = process.env.TRACE2_MODEL || 'gpt-4o-mini'

const system = parameter(
  'mail.system',
  `Answer with one of: complaint, order, other.
If the mail mentions "broken" or "late", answer "complaint".
If the mail mentions "buy" or "order", answer "order".
Otherwise, answer "other".`,
  { description: 'Instructions for sorting a mail. Must name the three classes.' },
)

const readMail = bundle('read_mail', (mail: unknown): string => {
  if (typeof mail !== 'string' || mail.trim() === '') throw new TypeError('The mail is empty.')
  return mail.trim()
})
const classify = bundle(
  'classify',
  async (mail: string, system: string) => {
    const { choices } = await client.chat.completions.create({
      model,
      messages: [
        { role: 'system', content: t`${system}` },
        { role: 'user', content: mail },
      ],
    })
    return choices[0]?.message.content ?? 'other'
  },
  { step: 'llm' },
)

const sortMail = run('sort-mail', async (mail: unknown) => ({
  category: await classify(readMail(mail), system),
  run: currentRun(),
}))

export interface MailEvent {
  readonly mail?: unknown
}

export const handler: Handler<MailEvent, Awaited<ReturnType<typeof sortMail>>> = async (event) => {
  try {
    return await sortMail(event.mail)
  } finally {
    // The process is frozen once an answer is there. What cannot be sent now is kept for the next time.
    await tracing.flush().catch((error: unknown) => console.warn(String(error)))
  }
}
