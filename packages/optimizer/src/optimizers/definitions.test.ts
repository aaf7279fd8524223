import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { strategyNamed, strategyNames } from './by-name.ts'
import { strategyDefinitions } from './definitions.ts'

const page = readFileSync(new URL('../../../../docs/optimizers.md', import.meta.url), 'utf8')

test('the page says of each strategy what its definition says', () => {
  const text = page.replaceAll(/\s+/g, ' ')
  const summaries = Object.values(strategyDefinitions).map(({ summary }) => summary)
  expect(summaries.filter((summary) => !text.includes(summary))).toEqual([])
})

test('each name makes a strategy of that name', () => {
  const made = strategyNames.map((name) => strategyNamed(name).name)
  expect(made).toEqual([
    'optoprime',
    'optoprime',
    'opro',
    'textgrad',
    'candidates(optoprime)',
    'merge(optoprime)',
  ])
})

test('a name that there is not is refused with those that there are', () => {
  for (const name of ['magic', 'constructor']) {
    expect(() => strategyNamed(name)).toThrow(
      expect.objectContaining({
        code: 'T2_OPTIMIZER_UNKNOWN',
        message: `There is no optimizer "${name}". There are optoprime, optoprime-elements, opro, textgrad, candidates and merge.`,
      }),
    )
  }
})
