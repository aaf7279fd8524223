import { matchesOf, type Place, type Preset } from './preset.ts'
import { vendorKeys } from './vendor-keys.ts'

/** Stretches of what keys are made of: only these are searched for keys. */
const stretch = /[A-Za-z0-9_$~+/=.:-]{16,}/g
const known = new RegExp(`(?<![A-Za-z0-9_])(?:${vendorKeys.join('|')})`, 'g')
/** With a vendor's beginning that stands in no other text, even within a longer word. */
const unmistakable =
  /(?:github_pat_|gh[pousr]_|glpat-|xox[bp]-|npm_|hf_|sk-proj-|sk-ant-|sk_live_|AIza|GOCSPX-|SG\.)[\w.-]{20,}/g
/** Places to which whoever knows them can write. */
const hook =
  /(?:hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api(?:\/v\d+)?\/webhooks|(?<![\w.-])[\w.-]{1,60}\.webhook\.office\.com\/webhookb2|hooks\.zapier\.com\/hooks\/catch|api\.telegram\.org\/bot|outlook\.office\.com\/webhook|(?<![\w.-])[\w.-]{1,60}\.logic\.azure\.com(?::443)?\/workflows|maker\.ifttt\.com\/trigger\/\w{1,60}\/with\/key)[\w/@.:%~?&=-]{8,}/g
const scheme =
  /(?<![A-Za-z0-9])(?:bearer|basic|token|apikey|negotiate|ntlm|aws4-hmac-sha256)\s{1,4}["']?([A-Za-z0-9._~+/-]{8,}={0,2})/gi
const TOKEN = /^(?=.*\d)(?=.*[A-Za-z])/

/** Keys and tokens of services, by the form that each gives to its own, and what stands behind an authorization scheme. */
export const apiKey: Preset = {
  credential: true,
  possible: ({ longest, dots }) => longest >= 12 || dots > 0,
  find(text) {
    const places: Place[] = []
    for (const match of text.matchAll(stretch)) {
      const [part] = match
      for (const expression of [known, unmistakable]) {
        for (const { from, to } of matchesOf(part, expression)) {
          places.push({ from: match.index + from, to: match.index + to })
        }
      }
      places.push(...secretsOfAws(part, match.index))
    }
    if (/hook|workflows|telegram|ifttt/.test(text)) places.push(...matchesOf(text, hook))
    for (const match of text.matchAll(scheme)) {
      const [whole, token = ''] = match
      if (isToken(whole, token)) {
        places.push({ from: match.index, to: match.index + whole.length })
      }
    }
    return places
  },
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
  if (part.length < 40) return []
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
