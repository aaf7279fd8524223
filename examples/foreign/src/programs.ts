import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the example. */
export const folder = fileURLToPath(new URL('..', import.meta.url))

export type Language = 'npm' | 'python'

/** A program of another framework. */
export interface Program {
  readonly name: string
  readonly language: Language
  readonly file: string
  /** Major version of Node.js that its framework needs at least; 0 where any will do. */
  readonly node: number
}

const endings: Readonly<Record<Language, string>> = { npm: '.mjs', python: '.py' }

/** The programs of both folders, by name. */
export function programs(): Program[] {
  return (Object.keys(endings) as Language[]).flatMap((language) => {
    const directory = join(folder, language)
    if (!existsSync(directory)) return []
    return readdirSync(directory)
      .filter((file) => file.endsWith(endings[language]))
      .map((file) => programOf(language, join(directory, file)))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  })
}

/** The programs of a name: in both languages, or in one of them with `npm:NAME` or `python:NAME`. */
export function named(wanted: string, known: readonly Program[]): Program[] {
  return known.filter(({ name, language }) => wanted === name || wanted === `${language}:${name}`)
}

/** Shortest name that means one program only. */
export function clearName({ name, language }: Program, known: readonly Program[]): string {
  return named(name, known).length > 1 ? `${language}:${name}` : name
}

function programOf(language: Language, file: string): Program {
  const name = file.slice(
    file.lastIndexOf(language) + language.length + 1,
    -endings[language].length,
  )
  const needs = readFileSync(file, 'utf8').match(/Needs Node\.js (\d+)/)
  return { name, language, file, node: Number(needs?.[1] ?? 0) }
}
