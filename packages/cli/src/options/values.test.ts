import type { Option } from 'commander'
import { expect, test } from 'vitest'
import { createProgram } from '../program.ts'
import { run } from '../run.ts'
import { recordedTerminal } from '../testing/recorded-terminal.ts'
import { silentTerminal } from '../testing/silent-terminal.ts'

/** Options of all commands that take a value. */
const program = await createProgram(silentTerminal)
const options = program.commands.flatMap((command) =>
  command.options
    .filter((option) => option.required || option.optional)
    .map((option) => ({ command: command.name(), option, flag: option.long ?? '' })),
)

/** Whether the value of an option is a number, as the option itself reads it. */
function isNumber({ parseArg, argChoices }: Option): boolean {
  if (!parseArg || argChoices) return false
  try {
    return typeof parseArg('20', undefined) === 'number'
  } catch {
    return false
  }
}

const numbers = options.filter(({ option }) => isNumber(option))
/** Scores have any scale: what was given may be below 0. */
const belowZero: ReadonlySet<string> = new Set(['--score'])
/** What is said of a decision may be nothing. */
const wordless: ReadonlySet<string> = new Set(['--note'])

async function toldBy(args: readonly string[]) {
  const { terminal, text } = recordedTerminal(200)
  const code = await run(args, terminal)
  return { code, text: text() }
}

test('every command with a budget is among them', () => {
  const named = numbers.map(({ command, flag }) => `${command} ${flag}`)
  for (const command of ['optimize', 'judge', 'evaluate', 'verdict']) {
    expect(named).toContain(`${command} --max-cost`)
    expect(named).toContain(`${command} --timeout`)
  }
  expect(named).toContain('optimize --max-calls')
  expect(numbers.length).toBeGreaterThan(50)
})

const wrong = [
  'NaN',
  'Infinity',
  '1e999',
  '-1e999',
  '',
  '  ',
  'ten',
  '1,5',
  '5 5',
  '[object Object]',
]

test.each(numbers)('$command $flag takes no number that means nothing', async (one) => {
  const { command, flag } = one
  const values = belowZero.has(flag) ? wrong : [...wrong, '-1', '-0.5', '-5']
  for (const value of values) {
    const { code, text } = await toldBy([command, flag, value])
    expect([value, code, text]).toEqual([value, 2, expect.stringContaining(flag)])
    expect(text).toContain('error T2_USAGE')
    expect(text).not.toMatch(/native callback|undefined|\[object Object\](?!')/)
  }
})

test.each(options.filter(({ flag }) => !wordless.has(flag)))(
  '$command $flag takes no empty text',
  async ({ command, flag }) => {
    for (const value of ['', ' \t']) {
      const { code, text } = await toldBy([command, flag, value])
      expect([code, text]).toEqual([2, expect.stringContaining(flag)])
    }
  },
)

test.each(
  program.commands
    .filter(({ registeredArguments: [first] }) => first && !first.argChoices)
    // A word that is to be completed may have no letter yet: `completion.test.ts`.
    .filter((command) => command.name() !== 'complete')
    .map((command) => [command.name(), command.registeredArguments[0]?.name() ?? ''] as const),
)('%s takes no empty %s', async (command, name) => {
  if (command === 'help') return
  const { code, text } = await toldBy([command, ''])
  expect([code, text]).toEqual([2, expect.stringContaining(`The argument ${name} is empty.`)])
})

test.each([
  ['optimize', '--price', 'm=-1,2', 'It must not be below 0.'],
  ['evaluate', '--worth', '0', 'It is a number of hundredths between 0 and 100.'],
  ['evaluate', '--worth', '100', 'It is a number of hundredths between 0 and 100.'],
  ['judge', '--timeout', '99999999', 'It must be at most 2147483.'],
  ['runs', '--limit', '1e30', 'It must be at most 9007199254740991.'],
  ['collect', '--port', '65536', 'A port is at most 65535.'],
])('%s %s %s says what is right', async (command, flag, value, words) => {
  const { code, text } = await toldBy([command, flag, value])
  expect([code, text]).toEqual([2, expect.stringContaining(words)])
})
