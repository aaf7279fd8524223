import { matchesOf, type Preset } from './preset.ts'

const token = /(?<![\w-])e(?:y[IJA]|wo)[\w-]{8,}(?:\.[\w-]*){2,4}/g

/** JSON web tokens, signed (RFC 7515) or encrypted (RFC 7516). */
export const jwt: Preset = {
  credential: true,
  possible: ({ longest, dots }) => longest >= 11 && dots >= 2,
  find: (text) => matchesOf(text, token, (match) => match.length >= 24),
}
