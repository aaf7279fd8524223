import { defined } from '@trace2/core'
import type { GuideDefinition } from '@trace2/evaluation/guides'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { readJsonFile, readTextFile } from './json-file.ts'
import { repeated } from './numbers.ts'

/** What {@link addGuideOptions} gives to a command. */
export interface GuideOptions {
  readonly exact?: true
  readonly contains?: readonly string[]
  readonly regex?: readonly string[]
  readonly schema?: string
  readonly similar?: true
  readonly rubric?: string
  readonly name?: string
  readonly model?: string
}

/** The options that say how to judge, for guides that need no file of their own. Several are combined. */
export function addGuideOptions(command: Command): Command {
  return command
    .option('--exact', 'the output must equal the reference')
    .option('--contains <text>', 'the output must contain this; may be repeated', repeated)
    .option('--regex <pattern>', 'the output must match this; may be repeated', repeated)
    .option('--schema <file>', 'the output must fit this JSON schema')
    .option('--similar', 'the output must mean what the reference means, by embeddings')
    .option('--rubric <file>', 'a model judges by this text')
    .option('--name <name>', 'name of the feedback (default: the kind of guide)')
    .option('--model <name>', 'the model that judges (default: TRACE2_MODEL, else gpt-4o-mini)')
}

/** Whether options say how to judge. */
export function isDescribed(options: GuideOptions): boolean {
  const { exact, contains, regex, schema, similar, rubric } = options
  return [exact, contains, regex, schema, similar, rubric].some((flag) => flag !== undefined)
}

/** The one guide that a file and the options describe; several are combined with equal weights. */
export async function guideDefinition(
  file: string | undefined,
  options: GuideOptions,
): Promise<GuideDefinition> {
  const { readGuideDefinition } = await import('@trace2/evaluation/guides')
  const { contains = [], regex = [], schema, rubric } = options
  const definitions: GuideDefinition[] = []
  if (file !== undefined) definitions.push(readGuideDefinition(await readJsonFile(file)))
  if (options.exact) definitions.push({ kind: 'exact' })
  if (contains.length > 0) definitions.push({ kind: 'contains', text: contains })
  for (const [at, pattern] of regex.entries()) {
    const name = regex.length > 1 ? { name: `regex ${at + 1}` } : {}
    definitions.push({ kind: 'regex', pattern, ...name })
  }
  if (schema !== undefined) {
    definitions.push({ kind: 'schema', schema: await readJsonFile(schema) })
  }
  if (options.similar) definitions.push({ kind: 'similarity' })
  if (rubric !== undefined) {
    definitions.push({ kind: 'rubric', rubric: await readTextFile(rubric) })
  }
  const [first, ...others] = definitions
  if (!first) {
    const flags = '--exact, --contains, --regex, --schema, --similar or --rubric'
    throw raise(
      'T2_USAGE',
      `Name the file of a guide, or say how to judge: ${flags}, or guides in the configuration.`,
    )
  }
  const one: GuideDefinition =
    others.length === 0
      ? first
      : { kind: 'weighted', guides: definitions.map((guide) => ({ guide })) }
  // What the options say is held to the same rules as a file.
  return readGuideDefinition(JSON.parse(JSON.stringify(withModel(named(one, options), options))))
}

function named(definition: GuideDefinition, { name }: GuideOptions): GuideDefinition {
  return { ...definition, ...defined({ name }) }
}

/** The model for every rubric that names none. */
export function withModel(
  definition: GuideDefinition,
  options: { readonly model?: string | undefined },
): GuideDefinition {
  if (definition.kind === 'rubric') return { ...defined({ model: options.model }), ...definition }
  if (definition.kind !== 'weighted') return definition
  const guides = definition.guides.map((part) => ({
    ...part,
    guide: withModel(part.guide, options),
  }))
  return { ...definition, guides }
}
