import { appendFile, readFile } from 'node:fs/promises'
import { raise } from '../errors.ts'
import {
  type ChatAnswer,
  type ChatRequest,
  type ChatTransport,
  keyOf,
  type ModelContext,
} from './request.ts'

/**
 * Makes a transport that keeps every answer in a file for {@link replayAnswers}, one JSON object a line. Answers that
 * were in the store already are kept too, so that the file has all that a step needs. The file holds prompts and
 * answers as plain text.
 *
 * @example optimize(store, { transport: recordAnswers(openaiTransport(client), 'answers.jsonl') })
 */
export function recordAnswers(transport: ChatTransport, file: string): ChatTransport {
  const append = async (text: string) => {
    try {
      await appendFile(file, text)
    } catch (error) {
      throw raise('T2_ANSWERS_FILE', `${file} cannot be written.`, { cause: error })
    }
  }
  const keep = (request: ChatRequest, answer: ChatAnswer) =>
    append(`${JSON.stringify({ key: keyOf(request), request, answer })}\n`)
  const recording: ChatTransport = async (request, ...others) => {
    // Before an answer is paid for that could not be kept.
    await append('')
    const answer = await transport(request, ...others)
    await keep(request, answer)
    return answer
  }
  // The room that a model has decides what it is asked.
  const contextOf = async (model: string): Promise<ModelContext> => {
    const context = (await transport.contextOf?.(model)) ?? unknownContext
    await append(`${JSON.stringify({ model, context })}\n`)
    return context
  }
  return Object.assign(recording, { onKnown: keep, contextOf })
}

/**
 * Makes a transport that gives recorded answers and asks no model. The same store gives the same proposals. If there
 * are several answers to one request, that of the same step counts, otherwise the first one.
 *
 * @throws `T2_REPLAY_MISSING` for a request that was not recorded; `T2_ANSWERS_FILE` if the file cannot be read.
 */
export function replayAnswers(file: string): ChatTransport {
  let loading: Promise<RecordedAnswers> | undefined
  const load = () => {
    loading ??= readAnswers(file)
    return loading
  }
  const replaying: ChatTransport = async (request) => {
    const answers = await load()
    const answer = answers.byKey.get(keyOf(request)) ?? answers.ofAnyStep.get(anyStepKey(request))
    if (!answer) throw raise('T2_REPLAY_MISSING', `${file} has no answer to this request.`)
    return answer
  }
  const contextOf = async (model: string) => (await load()).contexts.get(model) ?? unknownContext
  return Object.assign(replaying, { contextOf })
}

/** Of a model that nobody was asked about. */
const unknownContext: ModelContext = { tokens: undefined, large: true }

interface RecordedAnswers {
  readonly contexts: ReadonlyMap<string, ModelContext>
  readonly byKey: ReadonlyMap<string, ChatAnswer>
  readonly ofAnyStep: ReadonlyMap<string, ChatAnswer>
}

async function readAnswers(file: string): Promise<RecordedAnswers> {
  const byKey = new Map<string, ChatAnswer>()
  const ofAnyStep = new Map<string, ChatAnswer>()
  const contexts = new Map<string, ModelContext>()
  for (const line of (await readText(file)).split('\n')) {
    const entry = parse(line)
    if (!entry) continue
    if ('context' in entry) {
      contexts.set(entry.model, entry.context)
      continue
    }
    const { key, request, answer } = entry
    if (!byKey.has(key)) byKey.set(key, answer)
    const anyStep = request ? anyStepKey(request) : key
    if (!ofAnyStep.has(anyStep)) ofAnyStep.set(anyStep, answer)
  }
  return { byKey, ofAnyStep, contexts }
}

/** What a request is known by, whichever step asks it, and however long its answer may be. */
function anyStepKey({ take: _take, maxOutputTokens: _most, ...request }: ChatRequest): string {
  return keyOf(request)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw raise('T2_ANSWERS_FILE', `${file} cannot be read.`, { cause: error })
  }
}

interface RecordedAnswer {
  readonly key: string
  /** Absent in a file that was shortened by hand. */
  readonly request?: ChatRequest
  readonly answer: ChatAnswer
}

interface RecordedContext {
  readonly model: string
  readonly context: ModelContext
}

/** One line; a torn last line, as a crash leaves it, is nothing. */
function parse(line: string): RecordedAnswer | RecordedContext | undefined {
  if (line === '') return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
