import { type Json, sourceHash, Trace2Error } from '@trace2/core'
import type { Guide } from '@trace2/optimizer'
import { raise } from '../errors.ts'
import type { Configuration } from './configuration.ts'
import type { GuideFunction, GuideSetting } from './trace2-config.ts'

/**
 * The guides of a configuration.
 *
 * @throws {Trace2Error} `T2_CONFIG_INVALID` for a definition that is none, and for two guides of one name.
 */
export async function configuredGuides({
  file,
  guides = [],
}: Configuration): Promise<readonly Guide[]> {
  const { guideOf, readGuideDefinition } = await import('@trace2/optimizer')
  const made = guides.map((setting, index): Guide => {
    try {
      if (typeof setting === 'function') return guideOfFunction(setting, index)
      if (isGuide(setting)) return setting
      const definition: Json = JSON.parse(JSON.stringify(setting))
      return guideOf(readGuideDefinition(definition))
    } catch (error) {
      if (!(error instanceof Trace2Error)) throw error
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
