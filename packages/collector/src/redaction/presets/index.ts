import { ipv4, ipv6, macAddress } from './addresses.ts'
import { apiKey } from './api-key.ts'
import { creditCard } from './credit-card.ts'
import { email } from './email.ts'
import { iban } from './iban.ts'
import { jwt } from './jwt.ts'
import { phone } from './phone.ts'
import type { Preset } from './preset.ts'
import { privateKey } from './private-key.ts'
import { secret } from './secret.ts'
import { usSsn } from './us-ssn.ts'

export type { Place, Preset } from './preset.ts'

/** Patterns for what is most often not to be kept. They find forms, not meanings. */
export const presets = {
  'private-key': privateKey,
  jwt,
  'api-key': apiKey,
  email,
  iban,
  'credit-card': creditCard,
  'us-ssn': usSsn,
  phone,
  'mac-address': macAddress,
  ipv4,
  ipv6,
  secret,
} as const satisfies Readonly<Record<string, Preset>>

/** Name of a preset. */
export type PresetName = keyof typeof presets

/** Name that stands for all presets. */
export const ALL = 'all'
