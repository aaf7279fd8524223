import {
  type ChatTransport,
  type ModelSettings,
  openaiClient,
  openaiTransport,
} from '@trace2/evaluation/llm'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'

/** A model endpoint, reached through the `openai` client whatever stands behind it. */
export interface ModelConnection {
  /** Asks in the forms that the endpoint takes, and says in words what it refuses. */
  readonly transport: ChatTransport
  readonly url: string
  readonly model: string
  /** Whether the answers, and so every figure, come from the simulated model. */
  readonly simulated: boolean
  /** Connects another process to the same endpoint. */
  readonly environment: { readonly [name: string]: string }
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
  settings: ModelSettings = {},
): Promise<ModelConnection> {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, TRACE2_MODEL } = environment
  if (OPENAI_API_KEY) {
    return {
      ...connection(OPENAI_API_KEY, OPENAI_BASE_URL || undefined, settings),
      ...named(OPENAI_API_KEY, OPENAI_BASE_URL, TRACE2_MODEL || 'gpt-4o-mini'),
      simulated: false,
      close: async () => {},
    }
  }
  const simulated = await startSimulatedModel({ seed })
  return {
    ...connection('simulated', simulated.url, settings),
    ...named('simulated', simulated.url, CHAT_MODEL),
    simulated: true,
    close: () => simulated.close(),
  }
}

function named(apiKey: string, baseURL: string | undefined, model: string) {
  const environment = {
    OPENAI_API_KEY: apiKey,
    OPENAI_BASE_URL: baseURL ?? '',
    TRACE2_MODEL: model,
  }
  return { model, environment }
}

function connection(apiKey: string, baseURL: string | undefined, settings: ModelSettings) {
  const client = openaiClient({ ...settings, apiKey, ...(baseURL ? { baseURL } : {}) })
  return { transport: openaiTransport(client, settings), url: client.baseURL }
}
