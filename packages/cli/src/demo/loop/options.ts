import type { ModelSettings } from '@trace2/optimizer'
import type { Paint } from '@trace2/render'
import type { ModelEnvironment } from '../agent/model.ts'

/** Shows how far something is that takes a while. */
export interface DemoProgress {
  update(done: number, total: number, note?: string): void
  stop(): void
}

export interface DemoOptions extends ModelSettings {
  /** Where a numbered directory for the data is made. Default `trace2-demo`. */
  readonly directory?: string
  /** Writes one or more lines. Default: standard output. */
  readonly print?: (text: string) => void
  /** Colours text by meaning. Default: none. */
  readonly paint?: Paint
  /** Width to lay text out for. Default 100. */
  readonly columns?: number
  /** Seed of the simulated model, where that is used. Default 1. */
  readonly seed?: number
  /** Rounds of runs, feedback, proposals. Default 2. */
  readonly rounds?: number
  /** Runs of the agent, and questions of the optimizer, at the same time. Default 8 and 4. */
  readonly concurrency?: number
  /** Training tickets, and held-out tickets, at most so many of each: fewer for a slow model. Default: all. */
  readonly tickets?: number
  /** How the trace2 command is called here, for the commands that are printed. Default `npx trace2`. */
  readonly command?: string
  /** Default: that of the process; `OPENAI_API_KEY` decides whether a real model is used. */
  readonly environment?: ModelEnvironment
  /** Shows progress while models are asked. Default: none. */
  readonly progress?: (label: string) => DemoProgress
}
