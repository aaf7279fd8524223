import { nowhere, type Place, type Preset } from './preset.ts'

/** Length of an account number by country (the registry of ISO 13616). */
const lengths: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BI: 27,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DJ: 27,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FK: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MN: 20,
  MR: 27,
  MT: 31,
  MU: 30,
  NI: 28,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  RU: 33,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  SO: 23,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
  YE: 30,
}
const beginning = /[A-Za-z]{2}[ \t.\-_/]?\d[ \t.\-_/]?\d/y
const LONGEST = 33
const FEWEST_DIGITS = 8

/** International bank account numbers, with any separators, if the check digits are right. */
export const iban: Preset = {
  credential: false,
  find(text, { codes, digits }) {
    if (codes.length === 0 || digits < FEWEST_DIGITS) return nowhere
    const places: Place[] = []
    for (const from of codes) {
      beginning.lastIndex = from
      const country = beginning.exec(text)?.[0].slice(0, 2).toUpperCase() ?? ''
      const length = lengths[country]
      const to = length === undefined ? undefined : endOf(text, from, length)
      if (to !== undefined) places.push({ from, to })
    }
    return places
  },
}

function endOf(text: string, from: number, length: number): number | undefined {
  let account = ''
  let gap = 0
  for (let at = from; at < from + LONGEST * 4 && at < text.length; at++) {
    const character = text.charAt(at)
    if (/[A-Za-z0-9]/.test(character)) {
      account += character
      gap = 0
      if (account.length < length) continue
      return /[A-Za-z0-9]/.test(text.charAt(at + 1)) || !hasRightChecksum(account)
        ? undefined
        : at + 1
    }
    if (!/[ \t.\-_/,:·|]/.test(character) || ++gap > 3) return undefined
  }
  return undefined
}

/** Moved, spelled as digits and divided by 97, the rest is one (ISO 7064). */
function hasRightChecksum(account: string): boolean {
  let rest = 0
  for (const character of account.slice(4) + account.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36)))
      rest = (rest * 10 + Number(digit)) % 97
  }
  return rest === 1
}
