// POST /model/NAME/converse, as Amazon Bedrock has it. Its streams are binary, and are not here.
import { nextId } from './ids.mjs'
import { textOf, toolOf } from './openai-chat.mjs'
import { spokenText, usageOf } from './usage.mjs'

function conversationOf({ system, messages = [], toolConfig }) {
  const names = new Map(
    messages.flatMap(({ content }) =>
      content.flatMap(({ toolUse }) => (toolUse ? [[toolUse.toolUseId, toolUse.name]] : [])),
    ),
  )
  return {
    system: textOf(system),
    messages: messages.map((message) => messageOf(message, names)),
    tools: (toolConfig?.tools ?? []).flatMap(({ toolSpec }) =>
      toolSpec ? [toolOf(toolSpec, toolSpec.inputSchema.json)] : [],
    ),
  }
}

function messageOf({ role, content }, names) {
  return {
    role,
    text: textOf(content.filter(({ text }) => text !== undefined)),
    calls: content.flatMap(({ toolUse }) =>
      toolUse ? [{ id: toolUse.toolUseId, name: toolUse.name, args: toolUse.input }] : [],
    ),
    results: content.flatMap(({ toolResult }) =>
      toolResult
        ? [
            {
              id: toolResult.toolUseId,
              name: names.get(toolResult.toolUseId),
              text: textOf(toolResult.content),
            },
          ]
        : [],
    ),
  }
}

export function answerConverse(body, reply, decide) {
  const turn = decide(conversationOf(body))
  const content = turn.call
    ? { toolUse: { toolUseId: nextId('tooluse_'), name: turn.call.name, input: turn.call.args } }
    : { text: turn.text }
  const { input, cached, output } = usageOf(body, spokenText(turn))
  reply.json({
    output: { message: { role: 'assistant', content: [content] } },
    stopReason: turn.call ? 'tool_use' : 'end_turn',
    usage: {
      inputTokens: input - cached,
      outputTokens: output,
      totalTokens: input - cached + output,
      cacheReadInputTokens: cached,
    },
    metrics: { latencyMs: 1 },
  })
}
