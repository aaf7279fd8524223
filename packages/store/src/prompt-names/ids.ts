import { memoizeByName } from '../memoize-by-name.ts'

/** Ids that are made anew for each run or call: UUIDs, ULIDs, long hexadecimal and decimal numbers. */
const form =
  /(?<![0-9a-z])(?:[0-9a-f]{8}([-_]?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}|(?=[a-f]*\d)[0-9a-f]{16,}|[0-7][0-9a-hjkmnp-tv-z]{25}|\d{10,})(?![0-9a-z])/gi

/** What may be an id of random characters. */
const long = /[0-9A-Za-z]{20,}/g
/** The same with `-` and `_` among them. */
const joined = /[\w-]{20,}/g

const SHORTEST = 10

/** A name without the ids in it. */
export const withoutIds = memoizeByName((name: string): string => {
  // No id is without a digit, and few names have one.
  if (name.length < SHORTEST || !/\d/.test(name)) return name
  return name
    .replaceAll(form, '')
    .replaceAll(joined, (token) => (isJumbled(token) ? '' : token))
    .replaceAll(long, (token) => (isRandom(token) ? '' : token))
})

/** Digits stand in three places or more between letters, as in no name that is made of words. */
function isRandom(token: string): boolean {
  const groups = token.match(/\d+/g)?.length ?? 0
  return (
    groups > 3 || (groups === 3 && !/[A-Za-z][a-z]{4}|[A-Z]{5}/.test(token)) || isJumbled(token)
  )
}

/** Capitals, small letters and digits change places after less than two characters on average. */
function isJumbled(token: string): boolean {
  if (!/\d/.test(token) || !/[a-z]/.test(token) || !/[A-Z]/.test(token)) return false
  const pieces = token.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? []
  return pieces.join('').length < 2 * pieces.length
}
