// Numbers of tokens. They are made of lengths, so that the same conversation always costs the same.

/** Tokens of a request and its answer. A quarter of the input counts as read from a cache, 8 of the output as reasoning. */
export function usageOf(request, text) {
  const input = Math.ceil(JSON.stringify(request).length / 4)
  const reasoning = 8
  return {
    input,
    cached: Math.floor(input / 4),
    output: Math.ceil(text.length / 4) + reasoning,
    reasoning,
  }
}

/** The text that an answer costs. */
export function spokenText({ text, call }) {
  return call ? call.name + JSON.stringify(call.args) : text
}

/** Pieces of a text, as a stream brings them. */
export function piecesOf(text) {
  return text.match(/[\s\S]{1,24}/g) ?? []
}
