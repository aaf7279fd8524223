// The job with Anthropic's client, for instrumentations of that client.
import { editor, questions, runTool, secondSession, session, support, tools } from './job.mjs'

const MODEL = 'claude-sonnet-4-5'
const offered = tools.map(({ name, description, parameters }) => ({
  name,
  description,
  input_schema: parameters,
}))

async function answer(client, question, tool) {
  const messages = [{ role: 'user', content: question }]
  for (let step = 0; step < 5; step += 1) {
    const message = await client.messages.create({
      model: MODEL,
      max_tokens: 500,
      system: support.prompt,
      messages,
      tools: offered,
    })
    messages.push({ role: 'assistant', content: message.content })
    const calls = message.content.filter(({ type }) => type === 'tool_use')
    if (calls.length === 0) return message.content[0].text
    const content = []
    for (const { id, name, input } of calls) {
      const result = await tool(name, input, () => runTool(name, input))
      content.push({ type: 'tool_result', tool_use_id: id, content: result })
    }
    messages.push({ role: 'user', content })
  }
  throw new Error('The agent does not end.')
}

export async function doAll(client, { turn, tool = (_name, _args, run) => run() }) {
  for (const question of questions) {
    await turn(session, support.name, () => answer(client, question, tool))
  }
  await turn(secondSession, 'chain', async () => {
    const content = await answer(client, questions[0], tool)
    const messages = [{ role: 'user', content }]
    await client.messages.create({ model: MODEL, max_tokens: 500, system: editor.prompt, messages })
  })
}
