import type { Suggestion } from './improve.ts'
import type { Problem } from './prompt.ts'

/** An optimizer's answer in the form that was asked for: JSON, or elements with the prompt's fence. */
export function writeSuggestion(
  { reasoning, suggestion }: Suggestion,
  { answerFence }: Pick<Problem, 'answerFence'>,
): string {
  if (answerFence === undefined) return JSON.stringify({ reasoning, suggestion })
  const fence = `fence="${answerFence}"`
  const values = Object.entries(suggestion).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `<variable name="${name}" ${fence}>\n${text}\n</variable ${fence}>`
  })
  return [`<reasoning ${fence}>\n${reasoning}\n</reasoning ${fence}>`, ...values].join('\n')
}
