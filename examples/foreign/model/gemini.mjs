// POST …/models/NAME:generateContent and the other methods of Gemini's and Vertex's API.
import { vectorOf } from './embeddings.mjs'
import { toolOf } from './openai-chat.mjs'
import { piecesOf, spokenText, usageOf } from './usage.mjs'

const partsOf = (content) => (content?.parts ?? []).filter(Boolean)
const textsOf = (content) =>
  partsOf(content)
    .map(({ text }) => text ?? '')
    .filter((text) => text !== '')
    .join('\n')

function conversationOf(body) {
  const config = body.generationConfig ?? {}
  return {
    system: textsOf(body.systemInstruction ?? body.system_instruction),
    messages: (body.contents ?? []).map(messageOf),
    tools: (body.tools ?? [])
      .flatMap((tool) => tool.functionDeclarations ?? tool.function_declarations ?? [])
      .map((tool) => toolOf(tool, schemaOf(tool))),
    schema: config.responseSchema ?? config.responseJsonSchema,
  }
}

/** The schema of a tool's arguments, which Google's own clients call by three names. */
function schemaOf({ parameters, parametersJsonSchema, parameters_json_schema: snake }) {
  return parameters ?? parametersJsonSchema ?? snake
}

function messageOf(content) {
  const parts = partsOf(content)
  return {
    role: content.role === 'model' ? 'assistant' : 'user',
    text: textsOf(content),
    calls: parts
      .map((part) => part.functionCall ?? part.function_call)
      .filter(Boolean)
      .map(({ id, name, args }) => ({ id, name, args })),
    results: parts
      .map((part) => part.functionResponse ?? part.function_response)
      .filter(Boolean)
      .map(({ id, name, response }) => ({ id, name, text: resultText(response) })),
  }
}

/** Frameworks put what a tool gave under one of these names. */
function resultText(response) {
  const given = response?.result ?? response?.output ?? response?.content ?? response
  return typeof given === 'string' ? given : JSON.stringify(given)
}

export function answerGemini({ method, model, body, sse }, reply, decide) {
  if (method === 'countTokens') return reply.json({ totalTokens: usageOf(body, '').input })
  if (method === 'embedContent') {
    return reply.json({ embedding: { values: vectorOf(textsOf(body.content)) } })
  }
  if (method === 'batchEmbedContents') {
    const vector = ({ content }) => ({ values: vectorOf(textsOf(content)) })
    return reply.json({ embeddings: (body.requests ?? []).map(vector) })
  }
  const turn = decide(conversationOf(body))
  const parts = turn.call
    ? [{ functionCall: { name: turn.call.name, args: turn.call.args } }]
    : [{ text: turn.text }]
  const last = {
    usageMetadata: geminiUsage(body, turn),
    modelVersion: model,
    responseId: 'response-1',
  }
  const chunk = (parts, rest) => ({
    candidates: [{ content: { role: 'model', parts }, index: 0, ...rest }],
    modelVersion: model,
  })
  const finish = { finishReason: 'STOP' }
  if (method === 'generateContent') return reply.json({ ...chunk(parts, finish), ...last })
  const pieces = turn.call ? [parts] : piecesOf(turn.text).map((text) => [{ text }])
  const chunks = pieces.map((piece, at) =>
    at === pieces.length - 1 ? { ...chunk(piece, finish), ...last } : chunk(piece, {}),
  )
  return sse ? reply.events(chunks.map((data) => ({ data }))) : reply.json(chunks)
}

function geminiUsage(body, turn) {
  const { input, cached, output, reasoning } = usageOf(body, spokenText(turn))
  return {
    promptTokenCount: input,
    cachedContentTokenCount: cached,
    candidatesTokenCount: output - reasoning,
    thoughtsTokenCount: reasoning,
    totalTokenCount: input + output,
  }
}
