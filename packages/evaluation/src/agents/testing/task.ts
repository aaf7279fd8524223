import { randomBytes } from 'node:crypto'
import type { TrialTask } from '../agent.ts'

/** A trial with ids of its own. */
export function trialOf(inputs: TrialTask['inputs'], rest: Partial<TrialTask> = {}): TrialTask {
  return {
    id: `t-${randomBytes(4).toString('hex')}`,
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    inputs,
    parameters: {},
    ...rest,
  }
}
