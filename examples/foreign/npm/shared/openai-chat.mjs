// The job with the plain `openai` client, for instrumentations of that client.
import { editor, MODEL, questions, runTool, support, tools } from './job.mjs'

const offered = tools.map(({ name, description, parameters }) => ({
  type: 'function',
  function: { name, description, parameters },
}))

/** Answers a question with tools. `tool(name, args, run)` runs a tool, in a span where the program makes one. */
export async function answer(client, question, { stream = false, tool = plainly } = {}) {
  const messages = [
    { role: 'system', content: support.prompt },
    { role: 'user', content: question },
  ]
  for (let step = 0; step < 5; step += 1) {
    const request = { model: MODEL, messages, tools: offered }
    const message = stream
      ? await client.chat.completions
          .stream({ ...request, stream_options: { include_usage: true } })
          .finalMessage()
      : (await client.chat.completions.create(request)).choices[0].message
    messages.push(message)
    if (!message.tool_calls?.length) return message.content
    for (const { id, function: called } of message.tool_calls) {
      const content = await tool(called.name, called.arguments, () =>
        runTool(called.name, called.arguments),
      )
      messages.push({ role: 'tool', tool_call_id: id, content })
    }
  }
  throw new Error('The agent does not end.')
}

/** The second form: what the agent answered is rewritten. */
export async function rewrite(client, text) {
  const messages = [
    { role: 'system', content: editor.prompt },
    { role: 'user', content: text },
  ]
  const { choices } = await client.chat.completions.create({ model: MODEL, messages })
  return choices[0].message.content
}

/** The whole job: two questions, and a chain of two. `turn(session, name, run)` runs each, in a span or in none. */
export async function doAll(client, { turn = (_session, _name, run) => run(), tool } = {}) {
  for (const question of questions) {
    await turn('session-42', support.name, () => answer(client, question, { tool }))
  }
  await turn('session-43', 'chain', async () =>
    rewrite(client, await answer(client, questions[0], { tool })),
  )
}

function plainly(_name, _args, run) {
  return run()
}
