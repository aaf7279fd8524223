import * as tokenizer from 'gpt-tokenizer'

// A control token's name in a text (`<|endoftext|>`) is text; the tokenizer would refuse it otherwise.
const asText = { disallowedSpecial: new Set<string>() }

/** Number of tokens of a text in the `o200k_base` encoding. */
export function countTokens(text: string): number {
  return tokenizer.countTokens(text, asText)
}

/** The first `count` tokens of a text, or all of it. */
export function firstTokens(text: string, count: number): string {
  const tokens = tokenizer.encode(text, asText)
  return tokens.length <= count ? text : tokenizer.decode(tokens.slice(0, count))
}

/** The text in pieces of a few tokens, for streaming. */
export function tokenPieces(text: string, size = 4): string[] {
  const tokens = tokenizer.encode(text, asText)
  const pieces: string[] = []
  for (let i = 0; i < tokens.length; i += size) {
    pieces.push(tokenizer.decode(tokens.slice(i, i + size)))
  }
  // A character whose bytes are split over two pieces cannot be shown in halves.
  return pieces.join('') === text ? pieces : [text]
}
