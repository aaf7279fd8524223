import type { KnownPrompt } from './prompt-names.ts'
import { baseOf, UNNAMED_PROMPT } from './words.ts'

/**
 * The base of a prompt, of which the same text may be stored. What is named by its first words alone has other ones after an
 * edit: where somebody has put in the edited text as a version of a prompt, its calls are that prompt's.
 *
 * @param stored names of prompts with this text, the first that was seen first.
 */
export function storedBase(base: string, stored: readonly Pick<KnownPrompt, 'name'>[]): string {
  if (!base.startsWith(UNNAMED_PROMPT)) return base
  const bases = stored.map(({ name }) => baseOf(name))
  if (bases.includes(base)) return base
  return bases.find((one) => one.startsWith(UNNAMED_PROMPT)) ?? base
}
