import type { Scorer } from '@trace2/evaluation'
import type { Guide } from '@trace2/evaluation/guides'
import type { Llm } from '@trace2/evaluation/llm'
import type { Dataset, Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { suggested } from '../options/database.ts'
import { type GuideOptions, guideDefinition, isDescribed } from '../options/guide.ts'
import { type ModelOptions, modelSettings } from '../options/model.ts'

/** What asking models for scores takes. */
export interface ScorerOptions extends ModelOptions {
  /** Guides that flags describe. */
  readonly flags: GuideOptions
  /** File of a guide. */
  readonly file: string | undefined
  /** Guides that the configuration has. */
  readonly configured: readonly Guide[]
  /** The database, for commands that are suggested. */
  readonly db: string
}

/**
 * The guides that score trials: those that flags or a file describe, else those of the configuration, else equality with the
 * references where the cases have some.
 */
export async function scorerFor(
  store: Store,
  { name, version, cases }: Dataset,
  { flags, file, configured, db, ...model }: ScorerOptions,
): Promise<Scorer> {
  const { guideScorer } = await import('@trace2/evaluation')
  const { guideOf } = await import('@trace2/evaluation/guides')
  const { createLlm, openaiClient, openaiTransport } = await import('@trace2/evaluation/llm')
  const guides = await guidesFor()
  let llm: Llm | undefined
  const settings = modelSettings(model)
  return guideScorer(guides, {
    llm: () => {
      llm ??= createLlm({
        store,
        transport: openaiTransport(openaiClient(settings), settings),
        ...settings,
      })
      return llm
    },
  })

  async function guidesFor(): Promise<readonly Guide[]> {
    if (file !== undefined || isDescribed(flags)) {
      return [guideOf(await guideDefinition(file, flags))]
    }
    if (configured.length > 0) return configured
    if (cases.some(({ reference }) => reference !== null)) return [guideOf({ kind: 'exact' })]
    const add = suggested(`trace2 dataset ${name} --from-runs --add`, { db })
    throw raise(
      'T2_NO_GUIDE',
      `Nothing says what a good output is: the cases of ${name}@${version} have no references. What was said of their runs since, \`${add}\` takes up.`,
    )
  }
}
