// Vectors for frameworks that need them: the letters of the text, counted.
const SIZE = 64

export function vectorOf(text) {
  const vector = new Array(SIZE).fill(0)
  for (const letter of String(text)) vector[(letter.codePointAt(0) ?? 0) % SIZE] += 1
  const length = Math.hypot(...vector) || 1
  return vector.map((value) => value / length)
}

/** POST /v1/embeddings */
export function answerEmbeddings(body, reply) {
  const data = [body.input].flat().map((text, index) => ({
    object: 'embedding',
    index,
    embedding: encoded(vectorOf(text), body.encoding_format),
  }))
  const usage = { prompt_tokens: 8 * data.length, total_tokens: 8 * data.length }
  return reply.json({ object: 'list', data, model: body.model, usage })
}

function encoded(vector, format) {
  return format === 'base64'
    ? Buffer.from(new Float32Array(vector).buffer).toString('base64')
    : vector
}
