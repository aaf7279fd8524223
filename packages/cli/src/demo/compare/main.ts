import { printable } from '@trace2/core'
import { Trace2Error } from '@trace2/instrumentation'
import { percent } from '../loop/scores.ts'
import { compareOptimizers } from './compare.ts'
import { allStrategies } from './strategies.ts'

try {
  // One step of each optimizer from the same runs; with OPENAI_API_KEY against that endpoint, and at its price.
  const { before, steps, simulated } = await compareOptimizers(allStrategies)
  const columns = ['category', 'decision', 'reply', 'overall'] as const
  const row = (name: string, cells: readonly (string | number)[]) =>
    `| ${[name, ...cells].join(' | ')} |`
  console.log(row('optimizer', ['calls', 'tokens in', 'tokens out', ...columns]))
  console.log(row('---', ['---:', '---:', '---:', ...columns.map(() => '---:')]))
  console.log(row('before', ['', '', '', ...columns.map((column) => percent(before[column]))]))
  for (const { name, calls, inputTokens, outputTokens, heldOut } of steps) {
    const scores = columns.map((column) => percent(heldOut[column]))
    console.log(row(printable(name), [calls, inputTokens, outputTokens, ...scores]))
  }
  if (simulated) console.log('\nAll figures are those of the simulated model.')
} catch (error) {
  // Such an error says what to do; a stack would hide that.
  if (!(error instanceof Trace2Error)) throw error
  console.error(`${printable(error.message)}\n${error.remedy}`)
  process.exitCode = 1
}
