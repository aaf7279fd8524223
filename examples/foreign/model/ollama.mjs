// POST /api/chat, /api/generate, /api/embed and what clients ask for beside them.
import { vectorOf } from './embeddings.mjs'
import { conversationOf } from './openai-chat.mjs'
import { piecesOf, spokenText, usageOf } from './usage.mjs'

export function answerOllama(method, body, reply, decide) {
  if (method === 'tags') return reply.json({ models: [{ name: 'scripted', model: 'scripted' }] })
  if (method === 'show') return reply.json({ capabilities: ['completion', 'tools'], details: {} })
  if (method === 'embed') {
    return reply.json({ model: body.model, embeddings: [body.input].flat().map(vectorOf) })
  }
  const asked = method === 'generate' ? promptOf(body) : body
  const turn = decide({ ...conversationOf(asked), schema: objectOf(body.format) })
  const { input, output } = usageOf(body, spokenText(turn))
  const head = { model: body.model, created_at: '2026-01-01T00:00:00Z' }
  const last = { done: true, done_reason: 'stop', prompt_eval_count: input, eval_count: output }
  const said = (text, calls) =>
    method === 'generate'
      ? { response: text }
      : { message: { role: 'assistant', content: text, ...(calls && { tool_calls: calls }) } }
  const calls = turn.call && [{ function: { name: turn.call.name, arguments: turn.call.args } }]
  if (body.stream === false) return reply.json({ ...head, ...said(turn.text, calls), ...last })
  const chunks = calls ? [said('', calls)] : piecesOf(turn.text).map((piece) => said(piece))
  return reply.lines([
    ...chunks.map((chunk) => ({ ...head, ...chunk, done: false })),
    { ...head, ...said(''), ...last },
  ])
}

const objectOf = (format) => (format && typeof format === 'object' ? format : undefined)

function promptOf({ system = '', prompt = '' }) {
  return {
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: prompt },
    ],
  }
}
