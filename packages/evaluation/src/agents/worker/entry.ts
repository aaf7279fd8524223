// A process of an agent: `entry.js FILE EXPORT`. Loads the module, then runs one trial after the other as it is told.
import { memoryUsage } from 'node:process'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { thrownText } from '../log.ts'
import type { TrialMessage } from '../module/messages.ts'
import { type AgentFunction, ExportError, loadAgent } from './load-agent.ts'
import { endWithParent, takeParent } from './parent.ts'
import { runTrial } from './run-trial.ts'
import { registerProvider, TrialSpans } from './trial-spans.ts'

const [file = '', name = ''] = process.argv.slice(2)
// The agent's module sees its own command line.
process.argv.splice(1, process.argv.length, file)

const parent = takeParent()
endWithParent()
const spans = new TrialSpans()
registerProvider(spans)

let isRunning = false
let lastError: string | undefined
// A monitor changes nothing: an error that nobody catches ends the process, as it does in production.
process.on('uncaughtExceptionMonitor', (error, origin) => {
  const what =
    origin === 'unhandledRejection'
      ? 'A rejection that nothing handled'
      : 'An error that nothing caught'
  lastError = `${what} ended the process: ${thrownText(error)}`
})
process.once('exit', (code) => {
  if (!isRunning) return
  const reason = lastError ?? `The agent ended its process, with exit code ${code}.`
  parent.sendLast({ type: 'dying', reason, ...spans.end() })
})

async function run(agent: AgentFunction, trial: TrialMessage): Promise<void> {
  isRunning = true
  spans.begin(trial.traceId)
  const ended = await runTrial(agent, trial)
  // What the call has left to do at once still belongs to it, an error that nobody catches too.
  await nextTurn()
  isRunning = false
  const residentMb = memoryUsage.rss() / 1024 / 1024
  await parent.send({ type: 'result', ...ended, ...spans.end(), residentMb })
}

try {
  const agent = await loadAgent(file, name)
  // The parent sends nothing but trials.
  parent.onMessage((message) => void run(agent, message as TrialMessage))
  await parent.send({ type: 'ready' })
} catch (error) {
  const isExport = error instanceof ExportError
  const reason = isExport ? error.message : thrownText(error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  await parent.send({ type: 'unloadable', code, reason })
  process.exit(1)
}
