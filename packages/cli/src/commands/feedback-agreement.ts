import { printableJson } from '@trace2/core'
import { type DatabaseOptions, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { trustText } from '../text/trust.ts'

interface AgreementOptions extends DatabaseOptions {
  /** The name of feedback; `true` for all of them. */
  readonly agreement?: string | true
  readonly json?: true
}

/** Shows who gives feedback, how far they agree, and which judges are of use. */
export async function showAgreement(options: AgreementOptions, terminal: Terminal): Promise<void> {
  const { trustIn } = await import('@trace2/evaluation/trust')
  const { agreement, json, db } = options
  const name = typeof agreement === 'string' ? { name: agreement } : {}
  const names = await withStore(options, (store) => trustIn(store, name))
  if (json) return terminal.print(printableJson(names, 2))
  if (names.length === 0)
    return terminal.note(`There is no feedback with a score or a label in ${db} yet.`)
  terminal.print(names.map((each) => trustText(each, terminal)).join('\n\n'))
  terminal.hint(
    'AUC: how often a judge puts a good run above a bad one. ERROR: how far its scores are from what people say, before and after calibration. People are told apart by `--id`.',
  )
}
