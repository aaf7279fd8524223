import { type Command, InvalidArgumentError, type Option } from 'commander'
import { raise } from '../errors.ts'

/** Options that say something by being empty: no words. */
const mayBeBlank: ReadonlySet<string> = new Set(['note'])
/** What a shell asks for completions: the word that is begun may have no letter yet. */
const COMPLETION = 'complete'

/**
 * Refuses values of options, and arguments, that have nothing but blanks: a script has put in a variable that was not set,
 * and an empty name would mean the first thing that comes.
 */
export function refuseBlanks(program: Command): void {
  for (const command of program.commands) {
    for (const option of command.options) {
      const takesValue = option.required || option.optional
      if (takesValue && !mayBeBlank.has(option.attributeName())) refuseBlankValue(option)
    }
  }
  program.hook('preAction', (_program, acting) => {
    if (acting.name() === COMPLETION) return
    for (const [index, argument] of acting.args.entries()) {
      if (argument.trim() !== '') continue
      const { registeredArguments } = acting
      const declared = registeredArguments[Math.min(index, registeredArguments.length - 1)]
      throw raise('T2_USAGE', `The argument ${declared?.name() ?? index + 1} is empty.`)
    }
  })
}

function refuseBlankValue(option: Option): void {
  const { parseArg, variadic } = option
  option.argParser((text, before: unknown) => {
    if (text.trim() === '') throw new InvalidArgumentError('It must not be empty.')
    if (parseArg) return parseArg(text, before)
    return variadic && Array.isArray(before) ? [...before, text] : variadic ? [text] : text
  })
}
