import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCollector } from '@trace2/collector'
import { openStore } from '@trace2/store'
import { type Exchange, startModel } from '../model/server.mjs'
import type { Program } from './programs.ts'
import { type Recorded, recorded } from './recorded.ts'

/** What came of a program. */
export interface ProgramRun {
  /** What the model was asked and answered. */
  readonly exchanges: readonly Exchange[]
  /** What the store has of it. */
  readonly recorded: Recorded
  /** What the program says of itself. */
  readonly about: {
    readonly framework: string
    readonly version: string
    readonly instrumentation: string
  }
}

export interface RunOptions {
  /** The interpreter. */
  readonly command: string
  readonly timeoutMs?: number
  /** File of the store. Without it, the store is not kept. */
  readonly db?: string
}

/** Runs a program against a model and a collector of its own, both on the loopback interface. Throws where it fails. */
export async function runProgram(
  program: Program,
  { command, timeoutMs = 300_000, db: kept }: RunOptions,
): Promise<ProgramRun> {
  const home = await mkdtemp(join(tmpdir(), 'trace2-foreign-'))
  const db = kept ?? join(home, 'traces.duckdb')
  const model = await startModel()
  try {
    const about = await withCollector(db, async (url) => {
      const env = environment(program.name, home, { model: model.url, collector: url })
      return aboutOf(await outputOf(command, [program.file], { env, timeoutMs }))
    })
    await using store = await openStore(db)
    return { about, exchanges: model.exchanges, recorded: await recorded(store) }
  } finally {
    await model.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** What was acknowledged is in the store once the collector is closed. */
async function withCollector<T>(db: string, run: (url: string) => Promise<T>): Promise<T> {
  const collector = await startCollector({ db, port: 0 })
  try {
    return await run(collector.url)
  } finally {
    await collector.close()
  }
}

/** Nothing of the caller's environment but where programs are: no keys, no proxies, no settings of frameworks. */
function environment(
  name: string,
  home: string,
  urls: { readonly model: string; readonly collector: string },
): Readonly<Record<string, string>> {
  const { PATH = '', SystemRoot = '' } = process.env
  return {
    PATH,
    SystemRoot,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: home,
    OPENAI_BASE_URL: `${urls.model}/v1`,
    OPENAI_API_KEY: 'none',
    ANTHROPIC_BASE_URL: urls.model,
    ANTHROPIC_API_KEY: 'none',
    GOOGLE_GEMINI_BASE_URL: urls.model,
    GEMINI_API_KEY: 'none',
    GOOGLE_API_KEY: 'none',
    OLLAMA_HOST: urls.model,
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: urls.model,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    OTEL_SERVICE_NAME: name,
    OTEL_EXPORTER_OTLP_ENDPOINT: urls.collector,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_METRICS_EXPORTER: 'none',
    DO_NOT_TRACK: '1',
    PYTHONUNBUFFERED: '1',
    // The programs stand in the working copy, which stays as it was.
    PYTHONDONTWRITEBYTECODE: '1',
  }
}

function outputOf(
  command: string,
  args: readonly string[],
  {
    env,
    timeoutMs,
  }: { readonly env: Readonly<Record<string, string>>; readonly timeoutMs: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(out)
      const how = signal ? `was ended by ${signal}` : `ended with status ${code}`
      reject(new Error(`${args.join(' ')} ${how}.\n${err.slice(-3000)}${out.slice(-1000)}`))
    })
  })
}

/** The last line of JSON that a program prints. */
function aboutOf(output: string): ProgramRun['about'] {
  const line = output.split('\n').findLast((text) => text.startsWith('{"framework"'))
  if (line === undefined)
    throw new Error(`The program does not say what ran:\n${output.slice(-1000)}`)
  return JSON.parse(line)
}
