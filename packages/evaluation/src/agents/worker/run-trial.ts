import { context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import type { Json } from '@trace2/core'
import { type ParameterValues, parseParameters, setParameterValues } from '@trace2/instrumentation'
import { findValueFaults, unclaimedNames } from '@trace2/instrumentation/live'
import { keepingAnswers } from '@trace2/instrumentation/replay'
import { jsonOutput } from '../json-output.ts'
import { printableLine, thrownText } from '../log.ts'
import type { ResultMessage, TrialMessage } from '../module/messages.ts'
import { AnswersFile } from './answers-file.ts'
import { gathered } from './gathered.ts'
import type { AgentFunction } from './load-agent.ts'
import { type Replayed, replayed } from './replayed.ts'

export type Ended = Pick<
  ResultMessage,
  'outcome' | 'reason' | 'output' | 'latencyMs' | 'unclaimed' | 'report'
>

/** Calls the agent for one trial, with the parameters of the trial. */
export async function runTrial(agent: AgentFunction, trial: TrialMessage): Promise<Ended> {
  const inputs: readonly unknown[] = JSON.parse(trial.inputs)
  const values = valuesOf(trial.parameters)
  setParameterValues(values)
  const fault = faultText(values)
  const answers = trial.answers === undefined ? undefined : new AnswersFile(trial.answers)
  const started = performance.now()
  const elapsed = () => performance.now() - started + (answers?.savedMs ?? 0)
  const ended = (end: Partial<Ended>): Ended => ({
    outcome: 'failed',
    reason: null,
    output: 'null',
    latencyMs: elapsed(),
    unclaimed: unclaimedNames(),
    report: 'null',
    ...end,
  })
  if (fault !== undefined) return ended({ reason: fault })
  try {
    const result = await context.with(contextOf(trial), () =>
      called(() => gathered(agent(...inputs)), trial, answers),
    )
    const latencyMs = elapsed()
    const report = JSON.stringify(result.report)
    if (result.outcome !== 'done') {
      return ended({ outcome: result.outcome, reason: result.reason, latencyMs, report })
    }
    const output = jsonOutput(result.output)
    return 'fault' in output
      ? ended({
          outcome: 'bad output',
          reason: printableLine(`${output.fault}.`),
          latencyMs,
          report,
        })
      : ended({ outcome: 'done', output: output.json, latencyMs, report })
  } catch (thrown) {
    return ended({ reason: thrownText(thrown) })
  } finally {
    setParameterValues(new Map())
  }
}

async function called(
  agent: () => Promise<unknown>,
  { replay }: TrialMessage,
  answers: AnswersFile | undefined,
): Promise<Replayed> {
  const call = answers ? () => keepingAnswers(answers, agent) : agent
  if (replay !== undefined) return replayed(JSON.parse(replay), call)
  return { outcome: 'done', reason: null, output: await call(), report: null }
}

function contextOf({ traceId, spanId }: TrialMessage) {
  const parent = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
  return trace.setSpanContext(ROOT_CONTEXT, parent)
}

/** Values through the door that files use. */
function valuesOf(parameters: string): ParameterValues {
  const given: { readonly [name: string]: Json } = JSON.parse(parameters)
  const entries = Object.entries(given).map(([name, value]) => [name, { value }])
  const document = { trace2: 1, parameters: Object.fromEntries(entries) }
  return parseParameters(document) ?? new Map()
}

/** A trial with another value than it was given would say nothing of that value. */
function faultText(values: ParameterValues): string | undefined {
  const [first] = findValueFaults(values)
  if (!first) return undefined
  return printableLine(
    `The agent does not take the value for the parameter ${first[0]}: ${first[1]}.`,
  )
}
