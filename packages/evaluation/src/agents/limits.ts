import { raise } from '../errors.ts'
import type { AgentLimits } from './agent.ts'

/** {@link AgentLimits} with the defaults in their places. */
export interface KnownLimits {
  readonly timeoutMs: number
  readonly memoryMb: number
  readonly environment: { readonly [name: string]: string }
  readonly parallel: number
  readonly trialsPerProcess: number
}

/** Timers of Node take no longer times; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1

/** @throws {Trace2Error} `T2_AGENT_LIMITS` for a limit that is none. */
export function knownLimits(limits: AgentLimits): KnownLimits {
  return {
    timeoutMs: Math.min(atLeast('timeoutMs', limits.timeoutMs ?? 120_000, 1), longestMs),
    memoryMb: atLeast('memoryMb', limits.memoryMb ?? 1_024, 16),
    environment: limits.environment ?? {},
    parallel: whole('parallel', limits.parallel ?? 4),
    trialsPerProcess: whole('trialsPerProcess', limits.trialsPerProcess ?? Number.MAX_SAFE_INTEGER),
  }
}

function atLeast(name: string, value: number, least: number): number {
  if (value >= least) return value
  throw raise('T2_AGENT_LIMITS', `${name} is ${value}; it must be at least ${least}.`)
}

function whole(name: string, value: number): number {
  if (Number.isSafeInteger(value)) return atLeast(name, value, 1)
  throw raise('T2_AGENT_LIMITS', `${name} is ${value}; it must be a whole number.`)
}
