import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import OpenAI from 'openai'

/** A model endpoint, reached through the `openai` client whatever stands behind it. */
export interface ModelConnection {
  readonly client: OpenAI
  readonly model: string
  /** Whether the answers, and so every figure, come from the simulated model. */
  readonly simulated: boolean
  close(): Promise<void>
}

/** What decides which endpoint is used; the process's environment has it. */
export interface ModelEnvironment {
  readonly OPENAI_API_KEY?: string | undefined
  readonly OPENAI_BASE_URL?: string | undefined
  readonly TRACE2_MODEL?: string | undefined
}

/**
 * Connects to the endpoint that the environment names (any that speaks the OpenAI chat API; `TRACE2_MODEL` chooses
 * the model), or starts the simulated model where there is no key.
 */
export async function connectModel(
  environment: ModelEnvironment,
  seed: number,
): Promise<ModelConnection> {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, TRACE2_MODEL } = environment
  if (OPENAI_API_KEY) {
    return {
      client: new OpenAI({
        apiKey: OPENAI_API_KEY,
        ...(OPENAI_BASE_URL && { baseURL: OPENAI_BASE_URL }),
      }),
      model: TRACE2_MODEL || 'gpt-4o-mini',
      simulated: false,
      close: async () => {},
    }
  }
  const simulated = await startSimulatedModel({ seed })
  return {
    client: new OpenAI({ apiKey: 'simulated', baseURL: simulated.url }),
    model: CHAT_MODEL,
    simulated: true,
    close: () => simulated.close(),
  }
}
