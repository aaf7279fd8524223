import { nowhere, type Place, type Preset } from './preset.ts'

const begin =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d|"kty"\s{0,9}:\s{0,9}"(?:RSA|EC|OKP|oct)"|AGE-SECRET-KEY-1[A-Z0-9]{58}/g
const signs = ['-----BEGIN', 'PuTTY-User-Key-File', '"kty"', 'AGE-SECRET-KEY']
const body = /(?:[\w\s+/=:,.()\\-]|&#?\w{1,6};){0,20000}/y

/** Private keys in PEM (RFC 7468), PGP, PuTTY's and age's form, and as a JSON web key; a cut one up to where it ends. */
export const privateKey: Preset = {
  credential: true,
  find(text) {
    if (!signs.some((sign) => text.includes(sign))) return nowhere
    const places: Place[] = []
    let free = 0
    let noEnd = false
    for (const match of text.matchAll(begin)) {
      const from = match.index
      if (from < free) continue
      let to = from + match[0].length
      if (match[0].startsWith('"kty"')) {
        const end: number = text.indexOf('}', to)
        const rest = text.slice(to, end < 0 ? to + 8192 : end)
        if (!/"(?:d|k)"\s{0,9}:/.test(rest)) continue
        to += rest.length
      } else if (!match[0].startsWith('AGE')) {
        const end: number = noEnd ? -1 : text.indexOf('-----END', to)
        noEnd ||= end < 0
        to = end >= 0 && end - to < 20_000 ? endOfLine(text, end) : endOfBody(text, to)
      }
      places.push({ from, to })
      free = to
    }
    return places
  },
}

function endOfLine(text: string, end: number): number {
  const close = /-----END [A-Z0-9 ]{0,60}(?:-----)?/y
  close.lastIndex = end
  return end + (close.exec(text)?.[0].length ?? 0)
}

function endOfBody(text: string, from: number): number {
  body.lastIndex = from
  return from + (body.exec(text)?.[0].length ?? 0)
}
