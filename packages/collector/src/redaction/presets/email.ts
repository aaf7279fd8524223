import { matchesOf, type Place, type Preset } from './preset.ts'

/** Domain after the `@`: labels of any script, the last one no number and no name of a file's kind. */
const domain =
  /[\p{L}\p{N}\p{M}-]{1,63}(?:\.[\p{L}\p{N}\p{M}-]{1,63}){1,8}|\[[\dA-Fa-f.:IPv]{7,50}\]/uy
const ofLocal = /[\p{L}\p{N}\p{M}._%+'!#$&*/=?^`{|}~-]/u
const ofLocalAscii = /[A-Za-z0-9._%+'!#$&*/=?^`{|}~-]/
const noTopLevel =
  /\.(?:png|jpe?g|gif|svg|webp|ico|css|js|ts|mjs|map|\d[\p{L}\p{N}-]*|[\p{L}\p{N}-]*\d)$/iu
const MAX_LOCAL = 64

/** An address with its signs spelled out, as people write it against machines. */
const spelled =
  /(?<![\p{L}\p{N}])[\p{L}\p{N}._+-]{1,64}\s{0,2}[[({<]\s{0,2}at\s{0,2}[\])}>]\s{0,2}[\p{L}\p{N}-]{1,63}(?:\s{0,2}(?:[[({<]\s{0,2}(?:dot|punkt|point)\s{0,2}[\])}>]|\.)\s{0,2}[\p{L}\p{N}-]{1,63}){1,8}/giu

const inWords =
  /(?<![\p{L}\p{N}._+-])[\p{L}\p{N}._+-]{1,64} at [\p{L}\p{N}-]{1,63}(?: dot [\p{L}\p{N}-]{1,63}){0,4} dot \p{L}{2,24}(?![\p{L}\p{N}])/giu

/** E-mail addresses of any script (RFC 5321, RFC 6531). */
export const email: Preset = {
  credential: false,
  find(text, { at: hasAt }) {
    const places: Place[] = []
    for (let at = hasAt ? text.indexOf('@') : -1; at >= 0; at = text.indexOf('@', at + 1)) {
      domain.lastIndex = at + 1
      const name = domain.exec(text)?.[0]
      if (name === undefined) continue
      const from = startOfLocal(text, at)
      const bare = name.replace(/\.?-*$/, '')
      if (from === at || noTopLevel.test(bare)) continue
      // The user of a Git remote is nobody.
      if (text.slice(from, at) === 'git' && text[at + 1 + name.length] === ':') continue
      places.push({ from, to: at + 1 + name.length })
    }
    if (!/[[({<]\s{0,2}at\s{0,2}[\])}>]|\sat\s/i.test(text)) return places
    return [...places, ...matchesOf(text, spelled), ...matchesOf(text, inWords)]
  },
}

function startOfLocal(text: string, at: number): number {
  if (text[at - 1] === '"') {
    const open = text.lastIndexOf('"', at - 2)
    if (open >= Math.max(0, at - MAX_LOCAL) && !/[\n<>]/.test(text.slice(open, at))) return open
  }
  let from = at
  while (from > 0 && at - from < MAX_LOCAL) {
    const code = text.charCodeAt(from - 1)
    const before = text.charAt(from - 1)
    if (code < 128 ? ofLocalAscii.test(before) : isOfLocal(text, from)) from--
    else break
  }
  // What is no part of a name at its beginning stands before it.
  while (from < at && /[.'!#$&*/=?^`{|}~%]/.test(text.charAt(from))) from++
  // `to=bob@…`, `mailto/bob@…`: the address begins behind the last such sign.
  const last = text.slice(from, at - 1).search(/[=/?&|'`{}][^=/?&|'`{}]*$/)
  return last < 0 ? from : from + last + 1
}

function isOfLocal(text: string, to: number): boolean {
  const low = text.charCodeAt(to - 1)
  if (low >= 0xd800 && low <= 0xdfff) return true
  return ofLocal.test(text.charAt(to - 1))
}
