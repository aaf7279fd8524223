import { tokenizer } from 'acorn'

/** Most words and signs that are looked at: they tell of the rest, and each bundle that is made asks. */
const mostTokens = 200

/** So many words and signs have one spare blank, at least, in what people and compilers write; they have two or three. */
const tokensPerBlank = 12

/**
 * Whether source text has blanks between words and signs that could do without, as people and compilers write it (`a + b`),
 * and minifiers do not. Texts and comments do not count, and neither does a single blank that a minifier has left. `false`
 * for what cannot be read.
 */
export function hasSpareBlanks(text: string): boolean {
  let end = 0
  let tokens = 0
  let spare = 0
  try {
    for (const token of tokenizer(text, { ecmaVersion: 'latest', allowHashBang: true })) {
      if (end > 0 && isSpare(text, end, token.start)) spare++
      end = token.end
      if (++tokens === mostTokens) break
    }
  } catch {
    // A private name or a `super` of a class that is not there; what was read so far tells of the rest.
  }
  return spare * tokensPerBlank > tokens
}

const neededBetween: ReadonlySet<string> = new Set(['<!', '!-', '->'])

/** A line that a minifier breaks has no blanks at its beginning. */
function isSpare(text: string, from: number, to: number): boolean {
  if (!/^\s*[ \t]\s*$/.test(text.slice(from, to))) return false
  const before = text.charAt(from - 1)
  const after = text.charAt(to)
  if (isWord(before) && isWord(after)) return false
  // `a+ +b`, `a< !--b`, `a<! --b`, `a-- >b`, `/a/ in b`, `1 .toFixed()` and `static #a` would be something else without it.
  const isNeeded =
    before === after ||
    neededBetween.has(before + after) ||
    (before === '/' && isWord(after)) ||
    (/\d/.test(before) && after === '.')
  return !isNeeded && after !== '#'
}

function isWord(character: string): boolean {
  return /[\p{ID_Continue}$\\\uD800-\uDFFF]/u.test(character)
}
