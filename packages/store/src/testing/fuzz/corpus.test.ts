import { join } from 'node:path'
import { expect, it } from 'vitest'
import { corpusDirectory, madeCorpus } from './corpus.ts'

it.each(madeCorpus())('the corpus has $name as it is made', async ({ name, text }) => {
  await expect(text).toMatchFileSnapshot(join(corpusDirectory, name))
})
