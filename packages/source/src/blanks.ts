import { tokenizer } from 'acorn'

/**
 * Whether source text has a blank between two words or signs that could do without, as people and compilers write it
 * (`a + b`), and minifiers do not. Texts and comments do not count. `false` for what cannot be read.
 */
export function hasSpareBlanks(text: string): boolean {
  let end = 0
  try {
    for (const token of tokenizer(text, { ecmaVersion: 'latest', allowHashBang: true })) {
      if (end > 0 && isSpare(text, end, token.start)) return true
      end = token.end
    }
  } catch {
    // A private name or a `super` of a class that is not there; what was read so far has none.
  }
  return false
}

/** A line that a minifier breaks has no blanks at its beginning. */
function isSpare(text: string, from: number, to: number): boolean {
  if (!/^\s*[ \t]\s*$/.test(text.slice(from, to))) return false
  const before = text.charAt(from - 1)
  const after = text.charAt(to)
  if (isWord(before) && isWord(after)) return false
  // `a+ +b`, `a< !--b`, `1 .toFixed()` and `static #a` would be something else without it.
  const isNeeded =
    before === after || (before === '<' && after === '!') || (/\d/.test(before) && after === '.')
  return !isNeeded && after !== '#'
}

function isWord(character: string): boolean {
  return /[\p{ID_Continue}$\\\uD800-\uDFFF]/u.test(character)
}
