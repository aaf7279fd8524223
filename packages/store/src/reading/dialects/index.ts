import { braintrust } from './braintrust.ts'
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import type { Dialect } from './dialect.ts'
import { flue } from './flue.ts'
import { genAi, genAiLegacy } from './gen-ai.ts'
import { genkit } from './genkit.ts'
import { googleAdk } from './google-adk.ts'
import { haystack } from './haystack.ts'
import { honeyhive } from './honeyhive.ts'
import { laminar } from './laminar.ts'
import { langfuse } from './langfuse.ts'
import { langsmith } from './langsmith.ts'
import { langwatch } from './langwatch.ts'
import { livekit } from './livekit.ts'
import { logfire } from './logfire.ts'
import { mastra } from './mastra.ts'
import { mlflow } from './mlflow.ts'
import { openinference, openinferenceBare } from './openinference.ts'
import { openlit } from './openlit.ts'
import { openllmetry } from './openllmetry.ts'
import { opentrace } from './opentrace.ts'
import { springAi } from './spring-ai.ts'
import { vercelAi } from './vercel-ai.ts'
import { voltagent } from './voltagent.ts'

export type { Dialect, Field } from './dialect.ts'
export { EVENT_INPUT, EVENT_OUTPUT } from './gen-ai.ts'

/**
 * Every dialect, in the order of precedence: a span is of the first whose mark it has. Each field is looked for under
 * that dialect's keys first and then, to fill a gap, under those of the others in this order.
 */
export const dialects: readonly Dialect[] = [
  openinference,
  vercelAi,
  langfuse,
  voltagent,
  openllmetry,
  opentrace,
  mlflow,
  logfire,
  mastra,
  googleAdk,
  genkit,
  livekit,
  haystack,
  langwatch,
  langsmith,
  braintrust,
  voltagent,
  springAi,
  codex,
  openlit,
  claudeCode,
  flue,
  laminar,
  honeyhive,
  genAi,
  genAiLegacy,
  openinferenceBare,
]
export { parsedKey } from './key.ts'
