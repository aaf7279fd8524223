import { expect, test } from 'vitest'
import { type StrategyOptions, strategyOf } from './strategy.ts'

const named = async (options: StrategyOptions) => (await strategyOf(options)).name

test.each<[StrategyOptions, string]>([
  [{ optimizer: 'optoprime', mask: ['Code'] }, 'optoprime'],
  [{ optimizer: 'candidates', expert: ['editor', 'clerk'] }, 'candidates(optoprime)'],
  [{ optimizer: 'candidates', candidates: 4, refine: true }, 'candidates(optoprime)'],
  [{ optimizer: 'merge', runsPerPart: 3, mask: ['Others'] }, 'merge(optoprime)'],
  [{ optimizer: 'textgrad', gradientRuns: 1 }, 'textgrad'],
])('%j is %s', async (options, name) => {
  expect(await named(options)).toBe(name)
})

test.each<[StrategyOptions, string]>([
  [{ optimizer: 'optoprime', expert: ['editor'] }, '--expert goes with --optimizer candidates.'],
  [{ optimizer: 'opro', mask: ['Code'] }, '--mask goes with --optimizer optoprime or optoprime-'],
  [{ optimizer: 'candidates', runsPerPart: 2 }, '--runs-per-part goes with --optimizer merge.'],
  [{ optimizer: 'candidates', refine: true, candidateModel: ['m'] }, 'choose one'],
])('%j is refused: nothing would come of it', async (options, message) => {
  await expect(strategyOf(options)).rejects.toMatchObject({
    code: 'T2_USAGE',
    message: expect.stringContaining(message),
  })
})
