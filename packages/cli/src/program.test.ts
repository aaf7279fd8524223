import { expect, test } from 'vitest'
import { commandGroups } from './command-groups.ts'
import { createProgram } from './program.ts'
import { silentTerminal } from './testing/silent-terminal.ts'

async function commandsFor(...args: readonly string[]): Promise<readonly string[]> {
  const { commands } = await createProgram(silentTerminal, args)
  return commands.map((command) => command.name())
}

test('a command line loads the command that it names, and no other', async () => {
  expect(await commandsFor('runs', '--limit', '3')).toEqual(['runs'])
  expect(await commandsFor('collect', 'runs')).toEqual(['collect'])
})

test.each([
  [[]],
  [['--help']],
  [['help', 'runs']],
  [['rnus']],
  [['constructor']],
  [['complete', '--', 'ru']],
])('%j may tell of every command', async (args) => {
  const names = commandGroups.flatMap(({ commands }) => Object.keys(commands))
  const all = await commandsFor(...args)
  expect(all).toEqual(expect.arrayContaining(names.filter((name) => name !== 'help')))
})

test('each command is loaded under its own name', async () => {
  for (const { commands } of commandGroups) {
    for (const name of Object.keys(commands)) {
      // Commander keeps this one apart.
      if (name !== 'help') expect(await commandsFor(name)).toContain(name)
    }
  }
})
