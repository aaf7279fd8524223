import { basename } from 'node:path'
import { defined, printable, printableJson } from '@trace2/core'
import type { CasesOfRuns, ChangedDataset, Draft, ReadCases } from '@trace2/evaluation/datasets'
import type { Store } from '@trace2/store'
import { raise } from '../../errors.ts'
import { type DatabaseOptions, suggested, withStore } from '../../options/database.ts'
import type { DatasetOptions } from '../../options/dataset.ts'
import { readJsonFile } from '../../options/json-file.ts'
import { runQuery } from '../../options/runs.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import {
  changeLines,
  problemLines,
  remarkLines,
  unusableText,
  warningLines,
} from '../../text/dataset.ts'
import { counted } from '../../text/values.ts'

type Options = DatasetOptions & DatabaseOptions

/** What a change came from, beside the change itself. */
interface Source {
  readonly runs?: Omit<CasesOfRuns, 'drafts'>
  readonly file?: Omit<ReadCases, 'drafts'>
}

/** Makes the next version of stored runs. */
export async function putRuns(name: string, options: Options, terminal: Terminal): Promise<void> {
  const { casesOfRuns } = await import('@trace2/evaluation/datasets')
  await withStore(options, async (store) => {
    const query = await queryOf(store, options)
    const progress = terminal.progress('Reading runs')
    const { parameter, sample, sampling, seed, goodFrom, correction, referenceFrom } = options
    const { drafts: found, ...runs } = await casesOfRuns(store, {
      query,
      ...defined({ parameter, sample, sampling, seed, goodFrom, correctionNames: correction }),
      references: referenceFrom === 'good-runs' ? 'good runs' : (referenceFrom ?? 'corrections'),
      onProgress: (done, total) => progress.update(done, total),
    }).finally(() => progress.stop())
    const drafts = await withReferences(found, options.references)
    const unusable = unusableText(runs.runs, runs.unusable)
    if (drafts.length === 0) {
      const why = unusable ?? 'No run matches.'
      throw raise('T2_NO_CASES', `${name} gets no case. ${why}`)
    }
    if (!options.json) {
      if (unusable) terminal.note(unusable)
      if (query.limit && runs.runs === query.limit) {
        terminal.note(
          `The latest ${counted(query.limit, 'run')} were looked at; --limit 0 takes all.`,
        )
      }
      if (runs.kinds !== null) terminal.note(`${counted(runs.kinds, 'kind')} of runs found.`)
    }
    await put(store, name, { drafts, origin: runs.origin, source: { runs } }, options, terminal)
  })
}

/** The drafts with the references of a file, where it has some for them: these count before what was said of the runs. */
async function withReferences(
  drafts: readonly Draft[],
  file: string | undefined,
): Promise<readonly Draft[]> {
  if (file === undefined) return drafts
  const { caseMetadata } = await import('@trace2/evaluation/datasets')
  const { readReferences, referenceIndex } = await import('@trace2/evaluation/guides')
  const find = referenceIndex(readReferences(await readJsonFile(file)))
  return drafts.map((draft) => {
    const reference = find(draft.run ?? '', draft.inputs)
    if (reference === undefined) return draft
    const { [caseMetadata.referenceFrom]: _, ...metadata } = draft.metadata
    return { ...draft, reference, metadata }
  })
}

/** Makes the next version of a file. */
export async function putFile(name: string, options: Options, terminal: Terminal): Promise<void> {
  const { readCases } = await import('@trace2/evaluation/datasets')
  const path = typeof options.add === 'string' ? options.add : (options.file ?? '')
  const progress = terminal.progress(`Reading ${printable(path)}`)
  const { drafts, ...file } = await readCases(path, (bytes, total, cases) =>
    progress.update(bytes, total, counted(cases, 'case')),
  ).finally(() => progress.stop())
  if (!options.json) {
    for (const line of problemLines(path, file.problems, file.badLines)) {
      terminal.note(terminal.paintNote('error', printable(line)))
    }
  }
  await withStore(
    options,
    (store) =>
      put(store, name, { drafts, origin: basename(path), source: { file } }, options, terminal),
    { create: true },
  )
}

export async function removeFromDataset(
  name: string,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { removeCases } = await import('@trace2/evaluation/datasets')
  await withStore(options, async (store) => {
    const changed = await removeCases(store, name, options.remove ?? [])
    await tell(store, changed, {}, options, terminal)
  })
}

interface Given {
  readonly drafts: readonly Draft[]
  readonly origin: string
  readonly source: Source
}

async function put(
  store: Store,
  name: string,
  { drafts, origin, source }: Given,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { parseShares, putDataset } = await import('@trace2/evaluation/datasets')
  const keep = options.add !== undefined
  const progress = terminal.progress('Grouping cases')
  const changed = await putDataset(store, name, drafts, {
    origin: keep ? `added ${origin}` : origin,
    keep,
    ...(options.shares === undefined ? {} : { shares: parseShares(options.shares) }),
    ...(options.similar ? {} : { similarity: null }),
    onProgress: (done, total) => progress.update(done, total),
  }).finally(() => progress.stop())
  await tell(store, changed, source, options, terminal)
}

async function tell(
  store: Store,
  changed: ChangedDataset,
  source: Source,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { describeDataset } = await import('@trace2/evaluation/datasets')
  const { name, version } = changed.version
  const description = describeDataset(await store.dataset(name, version))
  if (options.json) {
    return terminal.print(printableJson({ ...changed, ...source, description }, 2))
  }
  for (const line of changeLines(changed)) terminal.print(printable(line))
  for (const line of remarkLines(changed)) terminal.note(line)
  for (const line of warningLines(description.warnings, terminal)) terminal.note(line, 'exact')
  terminal.next([suggested(`trace2 dataset ${name}`, options)])
}

/** The query of the options; runs that are named one by one are looked up. */
async function queryOf(store: Store, options: Options) {
  const query = runQuery(options)
  if (!options.runs) return query
  const found = await Promise.all(options.runs.map((run) => store.findRun(run)))
  return { ...query, ids: found.map(({ id }) => id), limit: 0 }
}
