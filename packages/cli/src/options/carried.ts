import type { Command } from 'commander'

/** Options that say what is tried and how it is judged: without them a next command would try something else, or nothing. */
const ofTrials = [
  'dataset',
  'parameters',
  'agent',
  'agentCommand',
  'replay',
  'guide',
  'exact',
  'contains',
  'regex',
  'schema',
  'similar',
  'rubric',
  'model',
  'metric',
  'worth',
]

/** These options as they were given to a command, for the command to suggest next: empty, or with a space in front. */
export function carriedOptions(command: Command): string {
  return command.options
    .filter((option) => ofTrials.includes(option.attributeName()))
    .flatMap((option): readonly string[] => {
      const name = option.attributeName()
      if (option.long == null || command.getOptionValueSource(name) !== 'cli') return []
      const value: unknown = command.getOptionValue(name)
      if (option.isBoolean() || option.negate) {
        return value === !option.negate ? [` ${option.long}`] : []
      }
      const values: readonly unknown[] = Array.isArray(value) ? value : [value]
      return values.map((each) => ` ${option.long} ${argument(String(each))}`)
    })
    .join('')
}

/** A text as one argument for a shell. */
export function argument(text: string): string {
  return /^[\w./:@#=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
