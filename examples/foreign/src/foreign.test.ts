import { describe, expect, test } from 'vitest'
import { interpreterOf } from './interpreters.ts'
import { programs } from './programs.ts'
import { readingOf } from './reading.ts'
import { runProgram } from './run-program.ts'

// Real programs of other frameworks, run as they are. All of them with TRACE2_FOREIGN=all, otherwise those that stand for one
// dialect each. What is not installed is skipped, with what installs it.

/** Each sends everything that a graph needs: steps between models and tools, prompts, tools, numbers of tokens. */
const complete = [
  'langfuse-openai',
  'openai-agents',
  'openinference-openai',
  'traceloop-openai',
  'vercel-ai-6',
]

const all = programs().filter(({ language }) => language === 'npm')
const chosen = all.filter(
  ({ name }) => process.env.TRACE2_FOREIGN === 'all' || complete.includes(name),
)

test('the programs that CI runs are there', () => {
  const known = all.map(({ name }) => name)
  expect(complete.filter((name) => !known.includes(name))).toEqual([])
})

describe.each(chosen)('$name', (program) => {
  test('what it sends is read', { timeout: 180_000 }, async ({ skip }) => {
    const install = process.env.CI !== undefined || process.env.TRACE2_FOREIGN !== undefined
    const interpreter = interpreterOf(program, { install })
    if ('missing' in interpreter) return skip(interpreter.missing)
    const { exchanges, recorded } = await runProgram(program, interpreter)
    const { edges, prompts, tools, tokens, modelCalls, otherNames } = readingOf(exchanges, recorded)
    const shares = { edges, prompts, tools, tokens, modelCalls }
    expect(otherNames).toEqual([])
    for (const [what, share] of Object.entries(shares)) {
      if (complete.includes(program.name)) expect(share, what).toMatchObject({ found: share.of })
      else expect(share.found === share.of || !share.sent, `${what}: ${share.missing}`).toBe(true)
    }
  })
})
