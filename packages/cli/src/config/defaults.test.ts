import { afterEach, expect, test, vi } from 'vitest'
import { createProgram } from '../program.ts'
import { silentTerminal } from '../testing/silent-terminal.ts'
import type { Configuration } from './configuration.ts'
import { applyDefaults } from './defaults.ts'

afterEach(() => vi.unstubAllEnvs())

const config: Configuration = {
  file: '/trace2.config.json',
  limits: {},
  models: {
    model: 'strong',
    judgeModel: 'judge',
    timeout: 7,
    prices: { strong: { input: 1, output: 2 } },
  },
  budgets: { maxCalls: 3, maxCost: 0.5 },
}

async function optionsOf(name: string, given: Readonly<Record<string, unknown>> = {}) {
  const program = await createProgram(silentTerminal)
  const command = program.commands.find((each) => each.name() === name)
  if (!command) throw new Error(`There is no command ${name}.`)
  for (const [option, value] of Object.entries(given)) {
    command.setOptionValueWithSource(option, value, 'cli')
  }
  applyDefaults(command, config)
  return command.opts()
}

test('what nobody says is said by the configuration', async () => {
  expect(await optionsOf('optimize')).toMatchObject({
    model: 'strong',
    judgeModel: 'judge',
    timeout: 7,
    maxCalls: 3,
    maxCost: 0.5,
    price: { strong: { input: 1, output: 2 } },
  })
  expect(await optionsOf('judge')).toMatchObject({ model: 'judge', timeout: 7, maxCalls: 3 })
})

test('a flag outranks it, and so does the environment', async () => {
  vi.stubEnv('TRACE2_MODEL', 'of the environment')
  vi.stubEnv('TRACE2_TIMEOUT', '9')
  const options = await optionsOf('optimize', { maxCalls: 1 })
  expect(options).toMatchObject({ maxCalls: 1, maxCost: 0.5 })
  // What the option does not say, the library reads from the environment.
  expect(options).not.toHaveProperty('model')
  expect(options).not.toHaveProperty('timeout')
})

test('a command without an option is not given one', async () => {
  const options = await optionsOf('runs')
  for (const name of ['model', 'maxCalls', 'timeout']) expect(options).not.toHaveProperty(name)
})
