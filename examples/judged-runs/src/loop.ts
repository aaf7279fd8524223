import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startCollector } from '@trace2/collector'
import { Trace2Error } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'
import { accept, guideOf, judge, optimize } from '@trace2/optimizer'
import type { Store } from '@trace2/store'
import { reply, system, tickets } from './agent.ts'
import { askedSoFar, watched } from './watched.ts'

/** What a good reply is, in words. */
export const rubric = `- The reply must include the order number.
- The reply must mention "5 working days".
- The reply must have at most 40 words.`

/** What the loop came to: the mean of the judge's scores, with the old prompt and with the new one. */
export interface Outcome {
  readonly before: number
  readonly after: number
  readonly prompt: string
}

/**
 * Lets the agent work, judges its stored runs, improves its prompt by what the judge says, and judges again. Where that
 * fails, what was stored until then is left, and told of.
 */
export async function improve(tell: (line: string) => void): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), 'judged-runs-'))
  const file = join(directory, 'trace2.parameters.json')
  const db = join(directory, 'runs.duckdb')
  const collector = await startCollector({ db, port: 0 })
  const recording = start({
    serviceName: 'replies',
    endpoint: collector.url,
    parametersFile: file,
  })
  const { store } = collector
  const guide = guideOf({ kind: 'rubric', name: 'quality', rubric })

  async function workAndJudge(): Promise<number> {
    const present = (await store.runs({ limit: 0 })).length
    for (const [at, ticket] of tickets.entries()) {
      await watched(`answering ticket ${at + 1} of ${tickets.length}`, tell, () => reply(ticket))
    }
    await recording.flush()
    await until(async () => (await store.runs({ limit: 0 })).length === present + tickets.length)
    // Runs that were judged before are left alone.
    const { feedback, failures } = await watched('judging', tell, (note) =>
      judge(store, guide, { onProgress: ({ activity }) => note(askedSoFar(activity)) }),
    )
    const [failure] = failures
    if (feedback.length === 0 && failure) {
      const { code, message, remedy } = failure
      throw new Trace2Error(code, { status: 502, remedy }, `No reply was judged: ${message}`)
    }
    for (const { score, comment } of feedback) tell(`  ${score?.toFixed(2)}  ${comment}`)
    for (const { code, message } of failures) tell(`  not judged  ${code}: ${message}`)
    return feedback.reduce((sum, { score }) => sum + (score ?? 0), 0) / feedback.length
  }

  let isDone = false
  try {
    tell(`The prompt: ${system.value}`)
    const before = await workAndJudge()
    const accepted = await watched('asking for a better prompt', tell, (note) =>
      improvePrompt(store, file, note),
    )
    tell(`\nThe new prompt:\n${accepted}\n`)
    // The agent is not restarted: it watches the file.
    await until(() => system.value === accepted)
    const after = await workAndJudge()
    isDone = true
    return { before, after, prompt: accepted }
  } finally {
    await recording.shutdown()
    await collector.close()
    if (isDone) await rm(directory, { recursive: true })
    else tell(`\nThe runs, and what the model answered, are in ${db}.`)
  }
}

async function improvePrompt(
  store: Store,
  file: string,
  note: (progress: string) => void,
): Promise<string> {
  const { proposals } = await optimize(store, {
    parameters: [system.name],
    file,
    onProgress: (event) => event.kind === 'asking' && note(askedSoFar(event.activity)),
  })
  await accept(
    store,
    proposals.map(({ id }) => id),
    // The runs that follow are judged, so that no one has to look at an unusual change first.
    { file, marked: true },
  )
  return String(proposals[0]?.value ?? system.value)
}

const longestWaitMs = 60_000

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + longestWaitMs; !(await holds()); ) {
    if (Date.now() > end) throw new Error('It did not happen in time.')
    await pause(50)
  }
}
