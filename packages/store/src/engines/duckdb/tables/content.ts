import { columnsOf } from './column.ts'
import { table } from './table.ts'

const { text } = columnsOf<readonly [hash: string, text: string]>()

const columns = [
  text('hash', 'SHA-256 of the text.', ([hash]) => hash),
  text('text', 'The text.', ([, words]) => words),
] as const

export const contentTable = table({
  name: 'content',
  doc: 'One row per text of more than 1,024 characters, however often it was said.',
  columns,
  key: ['hash'],
  view: { name: 'v_content' },
})

/** Where a transaction collects its texts before it adds those that are new. */
export const newContentTable = table({
  name: 'new_content',
  doc: 'Texts of one transaction.',
  columns,
})
