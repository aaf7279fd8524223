import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { strategyNamed } from '@trace2/optimizer'
import {
  type StrategyDefinition,
  type StrategyDefinitions,
  strategyDefinitions,
} from '@trace2/optimizer/strategies'
import { Command } from 'commander'
import { expect, test } from 'vitest'
import { addStrategyOptions, type StrategyOptions, strategyOf } from './strategy.ts'

const commandWith = (definitions?: StrategyDefinitions) =>
  addStrategyOptions(new Command().exitOverride().configureOutput({ writeErr() {} }), definitions)

/** The strategy of a command line. */
async function chosen(line: string, definitions?: StrategyDefinitions) {
  const command = commandWith(definitions).parse(line.split(' '), { from: 'user' })
  return strategyOf(command.opts<StrategyOptions>(), definitions)
}

test.each([
  ['--optimizer optoprime --mask code,Others', 'optoprime'],
  ['--optimizer candidates --expert editor --expert clerk', 'candidates(optoprime)'],
  ['--optimizer candidates --candidates 4 --refine', 'candidates(optoprime)'],
  ['--optimizer merge --runs-per-part 3 --mask Others', 'merge(optoprime)'],
  ['--optimizer textgrad --gradient-runs 1', 'textgrad'],
])('%s is %s', async (line, name) => {
  expect((await chosen(line)).name).toBe(name)
})

test.each([
  ['--optimizer optoprime --expert editor', '--expert goes with --optimizer candidates.'],
  [
    '--optimizer opro --mask Code',
    '--mask goes with --optimizer optoprime or optoprime-elements or',
  ],
  ['--optimizer candidates --runs-per-part 2', '--runs-per-part goes with --optimizer merge.'],
  ['--optimizer candidates --refine --candidate-model m', 'choose one'],
])('%s is refused: nothing would come of it', async (line, message) => {
  await expect(chosen(line)).rejects.toMatchObject({
    code: 'T2_USAGE',
    message: expect.stringContaining(message),
  })
})

test.each([
  ['--mask Code,Variables', 'The sections are Code, Documentation, Attempts'],
  ['--candidates 0', 'It must be a whole number of at least 1.'],
])('%s is no value', async (line, message) => {
  await expect(chosen(line)).rejects.toThrow(message)
})

/** A definition that keeps what a command line gives it, and a list with it. */
function recording() {
  const kept: unknown[] = []
  const beam: StrategyDefinition = {
    summary: 'goes on with the best few',
    options: [
      {
        kind: 'number',
        flag: 'beam-width',
        argument: 'n',
        help: 'goes on with so many',
        default: 2,
        options: (count) => ({ count }),
      },
      ...strategyDefinitions.candidates.options,
    ],
    make: ({ opro }, options) => {
      kept.push(options)
      return { ...opro(), name: 'beam' }
    },
  }
  return { kept, definitions: { ...strategyDefinitions, beam } }
}

test('a definition is all that help, options and names need', async () => {
  const { kept, definitions } = recording()
  const help = commandWith(definitions).helpInformation().replaceAll(/\s+/g, ' ')
  expect(help).toContain('textgrad, candidates, merge or beam;')
  expect(help).toContain('--beam-width <n> beam: goes on with so many (default: 2)')
  const line = '--optimizer beam --beam-width 4 --mask Code'
  expect((await chosen(line, definitions)).name).toBe('beam')
  expect(kept).toEqual([{ count: 4, masked: ['Code'] }])
  await expect(chosen('--beam-width 4', definitions)).rejects.toThrow(
    '--beam-width goes with --optimizer beam.',
  )
  expect(() => strategyNamed('bean', {}, definitions)).toThrow('candidates, merge and beam.')
})

test('what a number says, holds before what follows from a list', async () => {
  const { kept, definitions } = recording()
  await chosen('--optimizer beam --expert editor --expert clerk', definitions)
  await chosen('--optimizer beam --candidates 5 --expert editor', definitions)
  await chosen('--optimizer beam --expert editor --candidates 5', definitions)
  expect(kept).toMatchObject([{ count: 2 }, { count: 5 }, { count: 5 }])
})

/** Writes the address of each module that is loaded. */
const hook = `import { writeSync } from 'node:fs'
export function load(url, context, next) {
  writeSync(1, url + '\\n')
  return next(url, context)
}`
const watching = `import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}))`

test('help loads the definitions, and no strategy', () => {
  const command = fileURLToPath(new URL('../../bin/trace2.js', import.meta.url))
  const watched = ['--import', `data:text/javascript,${encodeURIComponent(watching)}`]
  const told = execFileSync(process.execPath, [...watched, command, 'optimize', '--help'], {
    encoding: 'utf8',
  })
  expect(told).toContain('--gradient-runs')
  const loaded = Array.from(
    told.matchAll(/packages\/optimizer\/dist\/(\S+)$/gm),
    ([, file]) => file,
  )
  expect(loaded.toSorted()).toEqual([
    'optimizers/defaults.js',
    'optimizers/definitions.js',
    'sections.js',
  ])
})
