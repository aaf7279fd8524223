import { bundle, instrumentOpenAI, parameter, run, t } from '@trace2/instrumentation'
import OpenAI from 'openai'

const client = instrumentOpenAI(new OpenAI())
const model = process.env.TRACE2_MODEL || 'gpt-4o-mini'

export const system = parameter(
  'orders.system',
  'If the text mentions "order", call the tool "find_order".',
  { description: 'Instructions for answering customers of the shop.' },
)

const findOrder = bundle(
  'find_order',
  ({ order_number }: { order_number: string }) =>
    `Order number: ${order_number}\nState: shipped\nArrival: Thursday`,
  { step: 'tool', description: 'Looks an order up in the books.' },
)

const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'find_order',
      description: 'Looks an order up by its number.',
      parameters: { type: 'object', properties: { order_number: { type: 'string' } } },
    },
  },
]

/** Answers a customer, looking orders up as the model asks for it. */
export const answer = run('order-agent', async (question: string): Promise<string> => {
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: 'system', content: t`${system}` },
    { role: 'user', content: question },
  ]
  for (;;) {
    const { choices } = await client.chat.completions.create({ model, messages, tools })
    const message = choices[0]?.message
    if (!message?.tool_calls) return message?.content ?? ''
    messages.push(message)
    for (const call of message.tool_calls) {
      if (call.type !== 'function') continue
      const content = findOrder(JSON.parse(call.function.arguments))
      messages.push({ role: 'tool', tool_call_id: call.id, content })
    }
  }
})
