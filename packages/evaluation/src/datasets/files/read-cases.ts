import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { raise } from '../../errors.ts'
import type { Draft } from '../draft.ts'
import { utf8Bytes } from './bytes.ts'
import { csvRecords } from './csv.ts'
import { linesOf, objectOf } from './jsonl.ts'
import { type LineProblem, LineProblems } from './problem.ts'
import { draftOfRecord } from './record.ts'

/** The format of a file of cases: JSON lines, or CSV with a header. */
export type FileFormat = 'jsonl' | 'csv'

/** The result of {@link readCases}. */
export interface ReadCases {
  /** The cases, in the order of the file. */
  readonly drafts: readonly Draft[]
  /** The format of the file. */
  readonly format: FileFormat
  /** Number of lines that are no case. */
  readonly badLines: number
  /** What is wrong with the first of these lines. */
  readonly problems: readonly LineProblem[]
}

/**
 * Reads the cases of a file of JSON lines, or of CSV with a header. Lines that are not a case are reported, and the
 * others are taken.
 *
 * @throws {Trace2Error} `T2_DATASET_FILE` if the file cannot be read; `T2_DATASET_EMPTY` if it has no case.
 */
export async function readCases(
  path: string,
  onProgress?: (bytes: number, totalBytes: number, cases: number) => void,
): Promise<ReadCases> {
  const total = await sizeOf(path)
  const format = formatOf(path)
  let bytes = 0
  const drafts: Draft[] = []
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(path)) {
      bytes += chunk.length
      yield chunk
      onProgress?.(bytes, total, drafts.length)
    }
  }
  const problems = new LineProblems()
  const content = utf8Bytes(counted())
  try {
    for await (const draft of draftsOf(content, format, problems)) drafts.push(draft)
  } catch (error) {
    throw isFileError(error) ? unreadable(path, error) : error
  }
  if (drafts.length === 0) throw nothingIn(path, problems)
  return { drafts, format, badLines: problems.count, problems: inOrder(problems) }
}

async function* draftsOf(
  content: AsyncIterable<Uint8Array>,
  format: FileFormat,
  problems: LineProblems,
): AsyncGenerator<Draft> {
  if (format === 'csv') {
    for await (const { line, values } of csvRecords(content, problems)) {
      const draft = problems.try(line, () => draftOfRecord(values))
      if (draft) yield draft
    }
    return
  }
  for await (const { line, bytes } of linesOf(content)) {
    const draft = problems.try(line, () => draftOfRecord(objectOf(bytes)))
    if (draft) yield draft
  }
}

/** Returns the format of a file by the ending of its name: JSON lines if the ending does not say. */
export function formatOf(path: string): FileFormat {
  return ['.csv', '.tsv', '.txt'].includes(extname(path).toLowerCase()) ? 'csv' : 'jsonl'
}

/** A parser tells what it cannot read ahead of what comes before it. */
function inOrder({ kept }: LineProblems): readonly LineProblem[] {
  return kept.toSorted((a, b) => a.line - b.line)
}

function nothingIn(path: string, problems: LineProblems): Error {
  const [first] = inOrder(problems)
  const { count } = problems
  if (!first) return raise('T2_DATASET_EMPTY', `${path} is empty.`)
  const bad = `${path} has no case in ${count} ${count === 1 ? 'line' : 'lines'}`
  return raise('T2_DATASET_EMPTY', `${bad}. Line ${first.line}: ${first.message}`)
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, cause: unknown): Error {
  return raise('T2_DATASET_FILE', `${path} cannot be read.`, { cause })
}

/** Errors of the file system have the name of what failed. */
function isFileError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
