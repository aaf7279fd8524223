import { matchesOf, nowhere, type Preset } from './preset.ts'

const token = /(?<![\w-])e(?:y[IJA]|wo)[\w-]{8,}(?:\.[\w-]*){2,4}/g

/** JSON web tokens, signed (RFC 7515) or encrypted (RFC 7516). */
export const jwt: Preset = {
  credential: true,
  find: (text, { stretches, dots }) =>
    stretches.length === 0 || dots < 2
      ? nowhere
      : matchesOf(text, token, (match) => match.length >= 24),
}
