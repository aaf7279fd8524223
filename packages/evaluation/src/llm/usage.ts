/** Tokens that a call used, and whether they were counted here because the endpoint did not say. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly estimated: boolean
}

/** What was counted of a call on this side. */
export interface Counted {
  readonly inputTokens: number
  /** Of the answer that can be seen; thoughts may come on top. */
  readonly outputTokens: number
  /** Most that the answer was allowed. */
  readonly mostOutput: number
}

/** An endpoint may add a template and instructions of its own, and its tokens may be smaller. */
const times = 8
const more = 2000

/**
 * The tokens that an endpoint reports, where they can be true; otherwise those counted here. No tokens for a text, far
 * fewer than it has, a text in place of a number, and numbers that no such prompt or answer can have are not believed.
 */
export function believableUsage(
  reported: { readonly inputTokens: unknown; readonly outputTokens: unknown },
  { inputTokens, outputTokens, mostOutput }: Counted,
): Usage {
  const input = believed(reported.inputTokens, inputTokens, inputTokens)
  const output = believed(reported.outputTokens, outputTokens, Math.max(outputTokens, mostOutput))
  return {
    inputTokens: input ?? inputTokens,
    outputTokens: output ?? outputTokens,
    estimated: input === undefined || output === undefined,
  }
}

/** Other tokens can be larger, and of a short text much may be meant otherwise than it was counted. */
function leastOf(counted: number): number {
  return Math.max(Math.ceil(counted / 20), Math.floor(counted / 4) - 400)
}

function believed(reported: unknown, counted: number, expected: number): number | undefined {
  if (typeof reported !== 'number' || !Number.isSafeInteger(reported)) return undefined
  return reported >= leastOf(counted) && reported <= expected * times + more ? reported : undefined
}
