import { matchesOf, type Place, type Preset } from './preset.ts'
import { begun, mark, marked } from './vendor-keys.ts'

/** Places to which whoever knows them can write. */
const hook =
  /(?:hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api(?:\/v\d+)?\/webhooks|(?<![\w.-])[\w.-]{1,60}\.webhook\.office\.com\/webhookb2|hooks\.zapier\.com\/hooks\/catch|api\.telegram\.org\/bot|outlook\.office\.com\/webhook|(?<![\w.-])[\w.-]{1,60}\.logic\.azure\.com(?::443)?\/workflows|maker\.ifttt\.com\/trigger\/\w{1,60}\/with\/key)[\w/@.:%~?&=-]{8,}/g
const scheme =
  /(?<![A-Za-z0-9])(?:bearer|basic|token|apikey|negotiate|ntlm|aws4-hmac-sha256)\s{1,4}["']?([A-Za-z0-9._~+/-]{8,}={0,2})/gi
const TOKEN = /^(?=.*\d)(?=.*[A-Za-z])/

/** Keys and tokens of services, by the form that each gives to its own, and what stands behind an authorization scheme. */
export const apiKey: Preset = {
  credential: true,
  find(text, { stretches, tells, dots }) {
    const places: Place[] = []
    let free = 0
    for (const stretch of stretches) {
      const from = Math.max(free, beginOf(text, stretch.from))
      const to = endOf(text, stretch.to)
      free = to
      places.push(...keysIn(text, from, to), ...secretsOfAws(text.slice(from, to), from))
    }
    if (dots > 0 && /hook|workflows|telegram|ifttt/.test(text))
      places.push(...matchesOf(text, hook))
    if (!tells) return places
    for (const match of text.matchAll(scheme)) {
      const [whole, token = ''] = match
      if (isToken(whole, token)) {
        places.push({ from: match.index, to: match.index + whole.length })
      }
    }
    return places
  },
}

function beginOf(text: string, from: number): number {
  let begin = from
  while (begin > 0 && /[A-Za-z0-9_+/=$~.:-]/.test(text.charAt(begin - 1))) begin--
  return begin
}

function endOf(text: string, to: number): number {
  let end = to
  while (end < text.length && /[A-Za-z0-9_+/=$~.:-]/.test(text.charAt(end))) end++
  return end
}

/** By the code of the first character; `null` where no form begins with it. */
const byFirst: (RegExp | null)[] = []
const unbegun = new RegExp(marked.join('|'), 'y')

/** The forms of keys that begin with the character of a code: few of them have to be tried at a place. */
function formsFrom(code: number): RegExp | null {
  if (code >= 128) return null
  const known = byFirst[code]
  if (known !== undefined) return known
  const first = String.fromCharCode(code)
  const forms = begun.filter((form) => firstOf(form).test(first))
  const made = forms.length === 0 ? null : new RegExp(forms.join('|'), 'y')
  byFirst[code] = made
  return made
}

/** What the first character of a form can be: a character, a class of them, or those of its alternatives. */
function firstOf(form: string): RegExp {
  const [, alternatives] = /^\(\?:([^)]*)\)/.exec(form) ?? []
  if (alternatives !== undefined) {
    return new RegExp(
      `^(?:${alternatives
        .split('|')
        .map((one) => one.charAt(0))
        .join('|')})$`,
    )
  }
  return new RegExp(`^${/^(?:\[[^\]]*\]|\\.|.)/.exec(form)?.[0]}$`)
}

/** A key begins where no letter, digit or underscore stands before it. */
function keysIn(text: string, from: number, to: number): Place[] {
  const places: Place[] = []
  const hasMark = mark.test(text.slice(from, to))
  for (let at = from; at < to; at++) {
    if (at > from && isOfWord(text.charCodeAt(at - 1))) continue
    const length =
      keyAt(text, at, formsFrom(text.charCodeAt(at))) || (hasMark ? keyAt(text, at, unbegun) : 0)
    if (length === 0) continue
    places.push({ from: at, to: at + length })
    at += length - 1
  }
  return places
}

function keyAt(text: string, at: number, form: RegExp | null): number {
  if (!form) return 0
  form.lastIndex = at
  return form.exec(text)?.[0].length ?? 0
}

function isOfWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95
  )
}

function isToken(whole: string, token: string): boolean {
  if (/^basic/i.test(whole)) {
    const decoded = Buffer.from(token, 'base64').toString('latin1')
    return /^[\x20-\x7e\x80-\xff]*:[\x20-\x7e\x80-\xff]*$/.test(decoded) && token.length % 4 !== 1
  }
  return (
    (/^bearer/i.test(whole) && token.length >= 16 && !/^[a-z-]+$/i.test(token)) ||
    (token.length >= 10 && TOKEN.test(token))
  )
}

const secretOfAws = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_-])/g

/** Forty characters of which no two neighbours have much in common: a secret access key of AWS has no beginning. */
function secretsOfAws(part: string, offset: number): Place[] {
  if (part.length < 40 || !/[A-Z]/.test(part)) return []
  return matchesOf(part, secretOfAws, (match) => {
    if (!/\d/.test(match) || /^[0-9a-f]+$|^[0-9A-F]+$/.test(match)) return false
    let changes = 0
    for (let at = 1; at < match.length; at++) {
      if (kindOf(match.charCodeAt(at)) !== kindOf(match.charCodeAt(at - 1))) changes++
    }
    return changes >= 14 && /[A-Z]/.test(match) && /[a-z]/.test(match)
  }).map(({ from, to }) => ({ from: from + offset, to: to + offset }))
}

function kindOf(code: number): number {
  if (code >= 97) return 0
  if (code >= 65) return 1
  return code >= 48 ? 2 : 3
}
