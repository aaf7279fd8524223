import { type Json, sourceHash, Trace2Error } from '@trace2/core'
import type { Guide } from '@trace2/optimizer'
import { raise } from '../errors.ts'
import { withModel } from '../options/guide.ts'
import type { Configuration } from './configuration.ts'
import type { GuideFunction, GuideSetting } from './trace2-config.ts'

/**
 * The guides of a configuration.
 *
 * @param model judges where a guide names none.
 * @throws {Trace2Error} `T2_CONFIG_INVALID` for a definition that is none, and for two guides of one name; `T2_MODEL_UNSET` for
 * one that asks a model where none is named.
 */
export async function configuredGuides(
  { file, guides = [] }: Pick<Configuration, 'file' | 'guides'>,
  model?: string,
): Promise<readonly Guide[]> {
  const { guideOf, readGuideDefinition } = await import('@trace2/optimizer')
  const made = guides.map((setting, index): Guide => {
    try {
      if (typeof setting === 'function') return guideOfFunction(setting, index)
      if (isGuide(setting)) return setting
      const definition: Json = JSON.parse(JSON.stringify(setting))
      return guideOf(withModel(readGuideDefinition(definition), { model }))
    } catch (error) {
      if (!(error instanceof Trace2Error)) throw error
      if (error.code === 'T2_MODEL_UNSET') throw withoutModel(error, file, index)
      const what = `${file} is not valid:\n  guides[${index}]: ${error.message}`
      throw raise('T2_CONFIG_INVALID', what, { cause: error })
    }
  })
  const names = made.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return made
  const what = `${file} is not valid:\n  guides: two are called ${twice}; give one another name`
  throw raise('T2_CONFIG_INVALID', what)
}

/** The definition is right: what is missing is a model. */
function withoutModel(error: Trace2Error, file: string, index: number): Trace2Error {
  const { code, status, remedy } = error
  const what = `guides[${index}] of ${file} asks a model, and none is named.`
  return new Trace2Error(code, { status, remedy }, what, { cause: error })
}

function isGuide(setting: Exclude<GuideSetting, GuideFunction>): setting is Guide {
  return 'judge' in setting
}

function guideOfFunction(judge: GuideFunction, index: number): Guide {
  const name = judge.name === '' ? `guide ${index + 1}` : judge.name
  return {
    name,
    definition: { kind: 'function', name, source: sourceHash(String(judge)) },
    source: 'code',
    async judge(subject) {
      const answer = await judge(subject)
      if (typeof answer === 'object') return answer
      const score = Number(answer)
      return { score, comment: score === 1 ? 'It is as it should be.' : `${name} gives ${score}.` }
    },
  }
}
