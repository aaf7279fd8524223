import type { Place, Preset } from './preset.ts'
import { type Strength, secretName, strengthOf } from './secret-names.ts'
import { isSecret, type Standing } from './secret-value.ts'

const MAX_VALUE = 1024
/** What stands between a name and its value, and what of it says that a value follows. */
const operators: readonly { readonly expression: RegExp; readonly given: boolean }[] = [
  // `"name": "DB_PASSWORD", "value": "…"`
  {
    expression: /\\?["']\s{0,9},\s{0,9}\\?["'](?:value|val|v)\\?["']\s{0,9}[:=]\s{0,9}/iy,
    given: true,
  },
  { expression: /["']\s{0,4}value\s{0,4}=\s{0,4}/iy, given: true },
  // `name: DB_PASSWORD` and `value: …` on the next line.
  { expression: /["']?[ \t]{0,9}\r?\n[ \t-]{0,40}value\s{0,4}:\s{0,4}/iy, given: true },
  // `--password`, then its value as the next argument.
  { expression: /\\?["']\s{0,9},\s{0,9}(?=\\?["'])/y, given: true },
  {
    expression:
      /[\\"'`\])}*_]{0,20}\s{0,8}(?::=|=>|->|={1,3}|:{1,2}|→|~>)[*_]{0,2}\s{0,8}(?:[|>][+-]?[ \t]{0,8}\r?\n[ \t]{1,40})?/y,
    given: true,
  },
  { expression: /[*_"'`)]{0,3}[ \t]{0,4}(?:\t|\||>)[ \t]{0,8}/y, given: true },
  {
    expression:
      /["'*_`)]{0,3}(?:[ \t]{1,3}(?:for|of|to|von|für|para|pour|del?)(?:[ \t]{1,3}[\w@.'-]{1,40}){1,4})?[ \t]{1,3}(?:is|are|was|were|ist|lautet|est|es|è|é|equals|set to|changed to|reset to|now|будет|это|是|为|は)[ \t:]{1,3}/iuy,
    given: false,
  },
  { expression: /(?:是|为|は|：)[ \t]{0,3}/y, given: true },
  { expression: /[ \t]{1,4}/y, given: false },
]
const schemeBefore = /(?:basic|bearer|token|digest|apikey|negotiate)\s{1,4}/iy
const quoted: readonly RegExp[] = [
  /\\{1,16}"([^"\n]{1,1024}?)(?:\\{1,16}"|(?=\n)|$)/dy,
  /"((?:[^"\\\n]|\\.){1,1024})(?:"|(?=\n)|$)/dy,
  /\\{0,4}'((?:[^'\\\n]|\\.){1,1024})(?:'|(?=\n)|$)/dy,
  /`([^`\n]{1,1024})(?:`|(?=\n)|$)/dy,
  /[“„«]([^”“»\n]{1,1024})(?:[”“»]|(?=\n)|$)/dy,
  /&(?:quot|#34|#39|apos);([^\n]{1,1024}?)(?:&(?:quot|#34|#39|apos);|(?=\n)|$)/dy,
]
const unquoted = /(?:[^\s"'`<>&,;|\\]|[&,;|](?!\s|[\w.%[\]-]{1,40}[=:]|$)|\\(?!["'nrt\\])){1,1024}/y
const restOfLine = /[^\n\r"]{1,4096}/y

/** Secrets that their name gives away, in JSON, YAML, shells, command lines, headers, URLs and sentences. */
export const secret: Preset = {
  credential: true,
  find(text, { tells, wide, hyphens }) {
    const places = credentialsOfUrls(text)
    if (hyphens > 0) places.push(...argumentsOf(text))
    if (!tells && !wide) return places
    let free = 0
    secretName.lastIndex = 0
    for (let match = secretName.exec(text); match; match = secretName.exec(text)) {
      const end = match.index + match[0].length
      if (match.index < free) continue
      const place = valueBehind(
        text,
        match.index,
        end,
        match.groups?.strong === undefined ? 'weak' : 'strong',
      )
      if (!place) {
        // A longer match than the name itself may hide one that begins within it.
        secretName.lastIndex = Math.max(match.index + 1, end - 1)
        continue
      }
      places.push(place)
      free = place.to
      secretName.lastIndex = place.to
    }
    return places
  },
  telling: (name) => strengthOf(name) !== undefined,
  named(name, value) {
    const strength = strengthOf(name)
    if (strength === undefined) return false
    if (/cookie$/i.test(name)) return /[=]|^\S{8,}$/.test(value)
    return isSecret({ value, delimited: true, given: true, sentence: false }, strength)
  },
}

function valueBehind(
  text: string,
  from: number,
  end: number,
  strength: Strength,
): Place | undefined {
  const name = text.slice(Math.max(0, from - 24), end)
  if (strengthOf(/[\w.$\u00aa-\uffff -]*$/.exec(name)?.[0] ?? name) === undefined) return undefined
  if (/cookie$/i.test(name)) return lineBehind(text, end)
  const flag = /(?:^|[\s"'`([,=])-{1,2}[\w.-]*$|^\/[\w-]+$/.test(name)
  for (const { expression, given } of operators) {
    expression.lastIndex = end
    const operator = expression.exec(text)
    if (!operator) continue
    let at = end + operator[0].length
    schemeBefore.lastIndex = at
    at += schemeBefore.exec(text)?.[0].length ?? 0
    const found = standingAt(text, at)
    if (!found) continue
    const { place, ...standing } = found
    // A pair of texts is a flag and its value only if the first is a flag, or the second looks like a secret.
    if (/^\\?["']\s*,/.test(operator[0]) && !/value/i.test(operator[0]) && !flag) {
      if (!isSecret({ ...standing, delimited: false, given: false }, 'weak')) continue
    }
    if (isSecret({ ...standing, given: given || flag }, strength)) return whole(text, place)
  }
  return undefined
}

/** The place to the end of its value, of which only the beginning was looked at. */
function whole(text: string, { from, to }: Place): Place {
  let end = to
  for (let more = to - from; more >= MAX_VALUE; end += more) {
    unquoted.lastIndex = end
    more = unquoted.exec(text)?.[0].length ?? 0
  }
  return { from, to: end }
}

function standingAt(
  text: string,
  at: number,
): (Omit<Standing, 'given'> & { place: Place }) | undefined {
  for (const expression of quoted) {
    expression.lastIndex = at
    const match = expression.exec(text)
    const value = match?.[1]
    const inside = match?.indices?.[1]
    if (value === undefined || inside === undefined) continue
    const [from, to] = inside
    return { value, delimited: true, sentence: false, place: { from, to } }
  }
  unquoted.lastIndex = at
  const raw = unquoted.exec(text)?.[0]
  if (raw === undefined) return undefined
  const to = at + raw.length
  const value = raw.replace(/[.,;:!?)\]}]+$/, '')
  const sentence = /^[ \t]+[\p{L}]{2,}/u.test(text.slice(to, to + 12))
  return {
    value: value || raw,
    delimited: false,
    sentence,
    place: { from: at, to: to - (raw.length - (value.length || raw.length)) },
  }
}

/** Cookies: all that stands on the line. */
function lineBehind(text: string, end: number): Place | undefined {
  const colon = /[\\"'`\])]{0,4}\s{0,4}[:=]\s{0,4}\\?["'`]?/y
  colon.lastIndex = end
  const operator = colon.exec(text)
  if (!operator) return undefined
  const from = end + operator[0].length
  restOfLine.lastIndex = from
  const rest = restOfLine.exec(text)?.[0] ?? ''
  if (!/[\w.-]+=[^\s;]{4,}/.test(rest)) return undefined
  return { from, to: from + rest.length }
}

const userInfo =
  /[a-z][a-z0-9+.-]{1,20}:\/\/([^\s/?#"'<>\\@]{0,512}(?:@[^\s/?#"'<>\\@]{1,256}){0,3})@(?=[\w[])/gi
const inQuery =
  /[?&#;](?:amp;)?(?:x-(?:amz|goog)-(?:signature|credential|security-token)|sig|signature|key|code|auth|access|token|sv_token|st|hash|t|k|s|id_token|state|ticket|invite|session|sid|otp|magic|verify|verification|reset|confirm(?:ation)?)=([^&#\s"'<>\\]{8,2048})/gi
const OPAQUE = /^(?=.*\d)(?=.*[A-Za-z])[\w.~%+/=:-]{12,}$/

/** Users and passwords of a URL (RFC 3986), and what in its query lets in whoever has it. */
function credentialsOfUrls(text: string): Place[] {
  const places: Place[] = []
  if (text.includes('://')) {
    for (const match of text.matchAll(userInfo)) {
      const info = match[1] ?? ''
      const password = info.slice(info.indexOf(':') + 1)
      const tells = info.includes(':') ? password !== '' : info.length >= 16 && /\d/.test(info)
      if (!tells || /^(?:\$\{|\{\{|\$[A-Z]|<|\*+$|\[redacted)/.test(password)) continue
      const from = match.index + match[0].indexOf('://') + 3
      places.push({ from, to: from + info.length })
    }
  }
  if (!/[?&#;]/.test(text)) return places
  for (const match of text.matchAll(inQuery)) {
    const value = match[1] ?? ''
    if (!OPAQUE.test(value)) continue
    const to = match.index + match[0].length
    places.push({ from: to - value.length, to })
  }
  return places
}

const tools =
  /\b(?:mysql\w{0,6}|mariadb|sshpass|login|redis-cli|mongo\w{0,8}|psql|sqlcmd|sqlplus|7z|zip|unzip|ldapsearch|openssl|kinit|rabbitmqctl)\b[^\n]{0,160}?\s-(?:p|P|a|w|pass)[ =]?["']?([^\s"'-][^\s"']{2,200})/g
const userOption =
  /(?:^|\s|["'],?\s?["'])(?:-u|--user|--proxy-user|-U)[ =]?["']?(?:,\s?["'])?([^\s"':/]{1,64}:[^\s"']{3,200})/g

/** Passwords that tools take as arguments without naming them. */
function argumentsOf(text: string): Place[] {
  if (!/(?:^|[\s"'])-[a-zA-Z-]/.test(text)) return []
  return [tools, userOption].flatMap((expression) =>
    [...text.matchAll(expression)].flatMap((match) => {
      const value = match[1] ?? ''
      if (/^[$<{]/.test(value)) return []
      const to = match.index + match[0].length
      return [{ from: to - value.length, to }]
    }),
  )
}
