import { expect, test } from 'vitest'
import { fittedHelp } from './examples.ts'

test('help that is narrow enough stays as it is', () => {
  const help = 'Usage: trace2\n\n  $ trace2 runs'
  expect(fittedHelp(help, { columns: 40, command: 'trace2' })).toBe(help)
})

test('an example is called as the command is called here, once, and broken as a shell has it', () => {
  const help =
    '  $ trace2 feedback last --comment "trace2 is slow"\n  $ source <(trace2 completion bash)'
  const here = { columns: 40, command: 'npx trace2' }
  const fitted = fittedHelp(help, here)
  expect(fitted).toBe(
    '  $ npx trace2 feedback last --comment \\\n      "trace2 is slow"\n  $ source <(npx trace2 completion bash)',
  )
})
