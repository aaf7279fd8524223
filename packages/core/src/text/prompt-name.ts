import { sha256 } from '../sha256.ts'

/** What a name in a prompt is of. */
export type NamedThing = 'operator' | 'input' | 'parameter' | 'feedback' | 'place' | 'label'

/** Longer names, and those of more words, are rather texts. */
const longestName = 48
const mostWords = 5

const alias = /^(?:operator|input|parameter|feedback|place|label)_[0-9a-f]{12}$/

/**
 * Writes a name from a span or a person so that it can stand in a prompt without a fence: letters and digits of ASCII and
 * `. _ - : /`, short and of few words. Any other name is replaced by an alias such as `operator_3f2a91c0b7de`, which is the
 * same in each prompt and different for each name; {@link aliasOf} says for which names a prompt has to tell what it stands
 * for. A space between two words becomes `_`, as in `chat gpt-4o`.
 *
 * @example identifier('decide', 'operator') // 'decide'
 */
export function identifier(name: string, of: NamedThing): string {
  return aliasOf(name, of) ?? name.replace(' ', '_')
}

/**
 * The name of a parameter in prompts and answers: its own, or an alias. Unlike {@link identifier} it never changes a name that
 * it keeps, so that no two parameters have the same.
 */
export function parameterLabel(name: string): string {
  return name.includes(' ') ? aliasFor(name, 'parameter') : identifier(name, 'parameter')
}

/** The alias that stands for a name; `undefined` where {@link identifier} keeps the name. */
export function aliasOf(name: string, of: NamedThing): string | undefined {
  // An alias that somebody uses as a name would stand for two.
  return isPlain(name) && !alias.test(name) ? undefined : aliasFor(name, of)
}

/** Whether a text is the alias of something. */
export function isAlias(text: string): boolean {
  return alias.test(text)
}

function isPlain(name: string): boolean {
  if (name.length > longestName || !/^[A-Za-z0-9_.\-:/]+(?: [A-Za-z0-9_.\-:/]+)?$/.test(name)) {
    return false
  }
  const words = name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []
  return words.length <= mostWords
}

function aliasFor(name: string, of: NamedThing): string {
  return `${of}_${sha256(JSON.stringify(name)).slice(0, 12)}`
}
