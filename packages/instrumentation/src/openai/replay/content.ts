import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_OUTPUT_PIECES,
  ATTR_REQUEST_HASH,
  ATTR_REQUEST_SETTINGS_HASH,
  ATTR_RESPONSE_BODY,
} from '@trace2/core'
import { Budget } from '../../content/budget.ts'
import { contentHash } from '../../content/content-hash.ts'
import type { ContentSettings } from '../../content/settings.ts'
import { valueText } from '../../content/text.ts'
import type { Fields } from '../json.ts'
import { legible, wholeLegible } from '../legible.ts'

/** Longest JSON text of a request that is hashed at once. */
const mostHashed = 1024 * 1024

/** Members of a request that have what was said. All others are settings. */
const conversation: ReadonlySet<string> = new Set(['messages', 'input', 'instructions'])

/** Hashes by which a replay knows a request again. What is too large to be hashed as a whole has none. */
export function requestHashes(body: Fields): { readonly all?: string; readonly settings?: string } {
  const settings = Object.fromEntries(
    Object.entries(body).filter(([key]) => !conversation.has(key)),
  )
  const [all, rest] = [hashOf(body), hashOf(settings)]
  return { ...(all !== undefined && { all }), ...(rest !== undefined && { settings: rest }) }
}

export function requestHashAttributes(body: Fields): Attributes {
  const { all, settings } = requestHashes(body)
  return {
    ...(all !== undefined && { [ATTR_REQUEST_HASH]: all }),
    ...(settings !== undefined && { [ATTR_REQUEST_SETTINGS_HASH]: settings }),
  }
}

function hashOf(body: Fields): string | undefined {
  const shown = wholeLegible(body)
  if (shown === undefined) return undefined
  const budget = new Budget(mostHashed)
  const { hash, isOfAll } = contentHash(shown, valueText(shown, budget, mostHashed), budget)
  return isOfAll ? hash : undefined
}

/** The answer as a replay gives it again. One with bytes in it, or longer than a value may be, is left out. */
export function responseBody(
  { captureContent, mask, maxValueLength }: ContentSettings,
  response: unknown,
  pieces: readonly number[] | undefined,
): Attributes {
  if (!captureContent || mask) return {}
  const body = JSON.stringify(response)
  if (body === undefined || body.length > maxValueLength) return {}
  if (body !== JSON.stringify(legible(response))) return {}
  return { [ATTR_RESPONSE_BODY]: body, ...(pieces && { [ATTR_OUTPUT_PIECES]: [...pieces] }) }
}
