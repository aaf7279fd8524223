import type { Origin } from '@trace2/core'
import type { ParameterUse } from '../parameter/use.ts'
import { RecentValues } from './recent-values.ts'

/** An origin of a value; `use` is there where the origin is a parameter. */
export interface Source {
  readonly origin: Origin
  readonly use: ParameterUse | undefined
}

/** A text made by `` t`…` ``: its static text with `{0}`, `{1}` … for what went in, and where that came from. */
export interface Template {
  readonly text: string
  readonly sources: readonly Source[]
}

const remembered = 1_024

/** The texts that were made by templates in one run. */
export class Templates {
  readonly #templates = new RecentValues<Template>(remembered)

  find(text: string): Template | undefined {
    return this.#templates.get(text)
  }

  /** Where equal texts were made from different origins, only what all of them share is certain. */
  add(text: string, template: Template): void {
    const known = this.find(text)
    const sources = known ? template.sources.filter(sharedWith(known)) : template.sources
    this.#templates.set(text, { text: template.text, sources })
  }

  clear(): void {
    this.#templates.clear()
  }
}

function sharedWith(template: Template): (source: Source) => boolean {
  const keys = new Set(template.sources.map(({ origin }) => JSON.stringify(origin)))
  return ({ origin }) => keys.has(JSON.stringify(origin))
}
