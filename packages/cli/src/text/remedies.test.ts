import { Trace2Error } from '@trace2/core'
import { evaluationErrors } from '@trace2/evaluation'
import { optimizerErrors } from '@trace2/optimizer'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { demoRemedy } from '../demo/index.ts'
import { createProgram } from '../program.ts'
import { silentTerminal } from '../testing/silent-terminal.ts'
import { inWordsOf } from './remedies.ts'

const program = await createProgram(silentTerminal)
const flagsOf = (command: Command) => new Set(command.options.flatMap(({ long }) => long ?? []))
const commands = new Map(program.commands.map((each) => [each.name(), flagsOf(each)]))
const asking = [...commands].filter(([, flags]) => flags.has('--context'))
const codes = Object.entries({ ...evaluationErrors, ...optimizerErrors }).filter(([code]) =>
  /^T2_(?:MODEL|BUDGET|PROMPT|PRICE|NO)_/.test(code),
)

/** Flags that a text names: those of the commands quoted in it, and those of the command that prints it. */
function flagsIn(text: string): readonly (readonly [command: string | undefined, flag: string])[] {
  const quoted = /`[^`]*?\btrace2 (\w+)[^`]*`/g
  const flags = (part: string) => part.match(/--[a-z][a-z-]+/g) ?? []
  const ofOthers = Array.from(text.matchAll(quoted), ([part, name]) =>
    flags(part).map((flag) => [name, flag] as const),
  )
  const own = flags(text.replace(quoted, '')).map((flag) => [undefined, flag] as const)
  return [...ofOthers.flat(), ...own]
}

it('is asked for by the commands that ask a model', () => {
  expect(asking.map(([name]) => name).sort()).toEqual([
    'demo',
    'evaluate',
    'judge',
    'optimize',
    'verdict',
  ])
})

describe.each(asking)('a remedy that `trace2 %s` prints', (name, own) => {
  it.each(codes)('for %s names flags that it has', (code, entry) => {
    const error = new Trace2Error(code, entry, 'It failed.', { cause: 'why' })
    const printed = inWordsOf(name, error)
    const remedy = name === 'demo' ? demoRemedy(error) : printed.remedy
    expect(printed).toMatchObject({ code, message: 'It failed.', cause: 'why' })
    for (const [command, flag] of flagsIn(remedy)) {
      expect(command === undefined ? own : commands.get(command), remedy).toContain(flag)
    }
  })
})

it('a flag of a remedy is read of the command that it belongs to', () => {
  expect(flagsIn('Use --a-b, or `npx trace2 runs --since 7d`, or --cd 1.')).toEqual([
    ['runs', '--since'],
    [undefined, '--a-b'],
    [undefined, '--cd'],
  ])
})
