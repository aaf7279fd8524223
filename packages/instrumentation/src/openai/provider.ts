import type { Attributes } from '@opentelemetry/api'
import { member } from './json.ts'
import { genAi, general, openInference } from './names.ts'

/** Who answers under a host, as OpenTelemetry and as OpenInference call them. */
const providers: Readonly<Record<string, readonly [genAi: string, openInference: string]>> = {
  'api.openai.com': ['openai', 'openai'],
  'openai.azure.com': ['azure.ai.openai', 'azure'],
  'services.ai.azure.com': ['azure.ai.inference', 'azure'],
  'api.groq.com': ['groq', 'groq'],
  'api.deepseek.com': ['deepseek', 'deepseek'],
  'api.mistral.ai': ['mistral_ai', 'mistralai'],
  'api.x.ai': ['x_ai', 'xai'],
  'api.perplexity.ai': ['perplexity', 'perplexity'],
  'api.anthropic.com': ['anthropic', 'anthropic'],
  'api.cohere.ai': ['cohere', 'cohere'],
  'generativelanguage.googleapis.com': ['gcp.gemini', 'google'],
  'aiplatform.googleapis.com': ['gcp.vertex_ai', 'google'],
}

/** Attributes that tell which endpoint a client talks to; an unknown one is `openai`, whose API it speaks. */
export function providerAttributes(client: object, name: string | undefined): Attributes {
  const url = urlOf(member(client, 'baseURL'))
  const [system, provider] = name
    ? [name, name]
    : (Object.entries(providers).find(([host]) => isUnder(url?.hostname, host))?.[1] ?? [
        'openai',
        'openai',
      ])
  return {
    [genAi.provider]: system,
    [openInference.provider]: provider,
    [openInference.system]: 'openai',
    ...(url && {
      [general.serverAddress]: url.hostname,
      [general.serverPort]: Number(url.port) || (url.protocol === 'http:' ? 80 : 443),
    }),
  }
}

function isUnder(hostname: string | undefined, host: string): boolean {
  return hostname === host || hostname?.endsWith(`.${host}`) === true
}

function urlOf(text: unknown): URL | undefined {
  return typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
}
