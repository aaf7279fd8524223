import type { Strength } from './secret-names.ts'

/** What stands in the place of a value and is none. */
const blank =
  /^(?:true|false|null|none|nil|undefined|nan|yes|no|on|off|n\/a|na|tbd|string|str|text|number|int|integer|float|bool|boolean|bytes?|object|any|unknown|void|array|list|map|dict|optional|required|missing|invalid|expired|incorrect|wrong|empty|unset|hidden|redacted|removed|masked|withheld|secret|password|token|type|default|example|placeholder|changed|reset|protected|valid|correct|accepted|denied|failed|error|not|is|was|the|and|or|for|in|of|to|your|my|a|an|x+|\*+|\.+|-+|•+|_+|…)$/i
/** A variable, a placeholder, or something that was taken out before. */
const reference =
  /^(?:\$\{|\{\{|\$\(|\$[A-Za-z_]|%[A-Za-z_]+%$|<[a-z _-]{1,40}>?$|\[redacted|\{[\w.]{1,60}\}$|\/?\*{3,}|process\.|import\.meta|os\.(?:environ|getenv)|env[.[(]|(?:config|settings|options|opts|params|args|props|state|req|request|res|response|ctx|context|self|this|user|data|event|input|form|body|app|secrets|vault|z|t|s|await|new|function|async|return|typeof|lambda|def|class)(?:[.[(]|\s))|^[A-Za-z_$][\w$.]{0,80}(?:\(|\[['"])/i
const OF_WORDS = /^[\p{L}\p{M}'’_-]+[.,;:!?)]*$/u

/** How a value stands behind its name. */
export interface Standing {
  readonly value: string
  /** In quotes, or as the whole value of a member. */
  readonly delimited: boolean
  /** Behind a sign that gives a value, not only a space or a word. */
  readonly given: boolean
  /** Whether other words follow on the line, as in a sentence. */
  readonly sentence: boolean
}

/** Whether a value under a name of secrets is one. */
export function isSecret(
  { value, delimited, given, sentence }: Standing,
  strength: Strength,
): boolean {
  const bare = value.replace(/^[([{]+|[.,;:!?)\]}]+$/g, '')
  if (bare.length < 3 || blank.test(bare) || blank.test(value)) return false
  if (reference.test(value)) return false
  const words = OF_WORDS.test(value)
  if (!given && !delimited) return bare.length >= 4 && isMixed(bare)
  if (strength === 'strong') {
    if (delimited) return !/^[A-Z][a-z]+ .*[a-z.]$|^(?:\S+ ){6,}/.test(value) || value.length < 24
    return !words || (!sentence && bare.length >= 4) || isMixed(bare)
  }
  if (bare.length < 6) return false
  if (words) return bare.length >= 16 && changesOfCase(bare) >= 4
  return isMixed(bare) || bare.length >= 16
}

/** How often a capital stands behind a small letter: no name of a program has so many of them. */
function changesOfCase(text: string): number {
  return text.match(/\p{Ll}\p{Lu}/gu)?.length ?? 0
}

/** Whether it has what words have not: digits among letters, capitals within, or signs. */
function isMixed(text: string): boolean {
  if (/\d/.test(text))
    return text.length >= 4 && !/^\d{1,2}(?:st|nd|rd|th|px|ms|s|kb|mb|gb|%)?$/i.test(text)
  return /[^\p{L}\p{M}\p{N}\s.,;:!?'"()-]/u.test(text) || /\p{Ll}\p{Lu}/u.test(text)
}
