import { defined } from '@trace2/core'
import type { AgentDefinition, AgentLimits, TrialAgent } from '@trace2/evaluation'
import type { PriceTable } from '@trace2/evaluation/llm'
import type { ReplayPolicies } from '@trace2/instrumentation/replay'
import type { Store } from '@trace2/store'
import { raise } from '../errors.ts'
import { type ModelOptions, modelSettings } from '../options/model.ts'

export interface AgentChoice extends ModelOptions {
  /** The agent of a flag or of the configuration. */
  readonly agent: AgentDefinition | undefined
  readonly limits: AgentLimits
  /** Whether trials are replayed: `undefined` where nobody says. */
  readonly replay: boolean | undefined
  /** What a replay does with the calls of an operator, by its name. */
  readonly policies: ReplayPolicies
  /** Prices of models in place of those of the list. */
  readonly prices: PriceTable | undefined
  /** Asked instead of the recorded model, where a single call is asked again. */
  readonly model: string | undefined
}

/**
 * What runs the trials: the agent, replayed where it can be; without an agent, one recorded model call of each case's run
 * that is asked again.
 */
export async function trialAgentFor(store: Store, choice: AgentChoice): Promise<TrialAgent> {
  const { agent, limits, replay, policies, model } = choice
  const prices = defined({ prices: choice.prices })
  const evaluation = await import('@trace2/evaluation')
  const { openaiClient } = await import('@trace2/evaluation/llm')
  if (!agent) {
    const client = openaiClient(modelSettings(choice))
    const endpoint = client.baseURL
    return evaluation.singleCallAgent({
      store,
      client,
      endpoint,
      ...prices,
      ...(model === undefined ? {} : { model }),
    })
  }
  if (replay === true && agent.kind !== 'module') {
    throw raise(
      'T2_REPLAY_AGENT',
      'Only an agent that is a module can be replayed: what another program does cannot be seen from here.',
    )
  }
  const runner = await evaluation.startAgent(agent, limits)
  const isReplayed = replay ?? agent.kind === 'module'
  return isReplayed
    ? evaluation.replayAgent(runner, store, { policies, ...prices })
    : evaluation.liveAgent(runner, choice.prices)
}
