import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addExperimentOptions } from '../evaluation/options.ts'
import { carriedOptions } from './carried.ts'

test.each<[string, readonly string[]]>([
  ['', ['--max-cost', '1', '--again', '--repeats', '2']],
  [' --dataset tickets', ['--dataset', 'tickets']],
  [' --no-replay --exact', ['--no-replay', '--exact']],
  [" --contains 'a b' --contains c", ['--contains', 'a b', '--contains', 'c']],
  [
    " --agent-command 'node agent.mjs' --worth 2",
    ['--agent-command', 'node agent.mjs', '--worth', '2'],
  ],
  [" --regex 'it'\\''s $(x)'", ['--regex', "it's $(x)"]],
])('a next command is told%s', (carried, given) => {
  const command = addExperimentOptions(new Command())
  command.parse([...given], { from: 'user' })
  expect(carriedOptions(command)).toBe(carried)
})
