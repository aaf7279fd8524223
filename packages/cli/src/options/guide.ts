import { readFileSync } from 'node:fs'
import type { Json } from '@trace2/instrumentation/semconv'
import type { GuideDefinition } from '@trace2/optimizer'
import { Option } from 'commander'
import { raise } from '../errors.ts'
import { defined } from './defined.ts'
import { repeated } from './numbers.ts'

/** What {@link guideOptions} give to a command. */
export interface GuideOptions {
  readonly guide?: string
  readonly exact?: true
  readonly contains?: readonly string[]
  readonly regex?: readonly string[]
  readonly schema?: string
  readonly similar?: true
  readonly rubric?: string
  readonly name?: string
  readonly model?: string
}

/** How a guide is named on the command line; several are combined with equal weights. */
export function guideOptions(): readonly Option[] {
  return [
    new Option('--guide <file>', 'a guide as JSON; see docs/guides/feedback-functions.md'),
    new Option('--exact', 'the output must equal the reference'),
    new Option('--contains <text>', 'the output must contain this; may be repeated').argParser(
      repeated,
    ),
    new Option('--regex <pattern>', 'the output must match this; may be repeated').argParser(
      repeated,
    ),
    new Option('--schema <file>', 'the output must fit this JSON schema'),
    new Option('--similar', 'the output must mean what the reference means, by embeddings'),
    new Option('--rubric <file>', 'a model judges by this text'),
    new Option('--name <name>', 'name of the feedback (default: the kind of guide)'),
    new Option('--model <name>', 'the model that judges (default: TRACE2_MODEL, else gpt-4o-mini)'),
  ]
}

/** The one guide that the options name. Files are read, and checked to be what they should be. */
export async function guideDefinition(options: GuideOptions): Promise<GuideDefinition> {
  const { readGuideDefinition } = await import('@trace2/optimizer')
  const { guide, contains = [], regex = [], schema, rubric } = options
  const definitions: GuideDefinition[] = [
    ...(guide === undefined ? [] : [readGuideDefinition(readJson(guide))]),
    ...(options.exact ? [{ kind: 'exact' } as const] : []),
    ...(contains.length > 0 ? [{ kind: 'contains', text: contains } as const] : []),
    ...regex.map((pattern, at) => ({
      kind: 'regex' as const,
      pattern,
      ...(regex.length > 1 ? { name: `regex ${at + 1}` } : {}),
    })),
    ...(schema === undefined ? [] : [{ kind: 'schema', schema: readJson(schema) } as const]),
    ...(options.similar ? [{ kind: 'similarity' } as const] : []),
    ...(rubric === undefined ? [] : [{ kind: 'rubric', rubric: readText(rubric) } as const]),
  ]
  const [first] = definitions
  if (!first) {
    throw raise(
      'T2_USAGE',
      'Name a guide: --guide, --contains, --regex, --schema, --exact, --similar or --rubric.',
    )
  }
  const one: GuideDefinition =
    definitions.length === 1
      ? first
      : { kind: 'weighted', guides: definitions.map((each) => ({ guide: each })) }
  // What the flags say is held to the same rules as a file.
  return readGuideDefinition(JSON.parse(JSON.stringify(withModel(named(one, options), options))))
}

function named(definition: GuideDefinition, { name }: GuideOptions): GuideDefinition {
  return { ...definition, ...defined({ name }) }
}

/** The model for every rubric that names none. */
function withModel(definition: GuideDefinition, options: GuideOptions): GuideDefinition {
  if (definition.kind === 'rubric') return { ...defined({ model: options.model }), ...definition }
  if (definition.kind !== 'weighted') return definition
  const guides = definition.guides.map((part) => ({
    ...part,
    guide: withModel(part.guide, options),
  }))
  return { ...definition, guides }
}

/** @throws `T2_FILE_UNREADABLE` where there is no such file, or no JSON in it. */
export function readJson(path: string): Json {
  const text = readText(path)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw raise('T2_FILE_UNREADABLE', `${path} is not JSON: ${messageOf(error)}`, { cause: error })
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw raise('T2_FILE_UNREADABLE', `${path}: ${messageOf(error)}`, { cause: error })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
