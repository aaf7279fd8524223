import { isIPv6 } from 'node:net'
import { matchesOf, nowhere, type Preset } from './preset.ts'

const nobody: ReadonlySet<string> = new Set([
  '127.0.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '::1',
  '::',
])

const v4 =
  /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)/g

/** IPv4 addresses but those that name no machine (127.0.0.1, 0.0.0.0). */
export const ipv4: Preset = {
  credential: false,
  find: (text, { digits, dots }) =>
    digits < 4 || dots < 3
      ? nowhere
      : matchesOf(text, v4, (match, from) => {
          if (nobody.has(match)) return false
          // The version of a product: `Chrome/120.0.0.0`.
          return (
            !/\.0\.0$/.test(match) || !/[A-Za-z]\/$/.test(text.slice(Math.max(0, from - 2), from))
          )
        }),
}

const nearColons = /:[0-9A-Fa-f]{0,4}:/
const v6 = /(?<![\w:.])[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}(?![\w:])/g

/** IPv6 addresses in any of their forms (RFC 4291) but the unspecified and the loopback one. */
export const ipv6: Preset = {
  credential: false,
  find: (text, { colons }) =>
    colons < 2 || !nearColons.test(text)
      ? nowhere
      : matchesOf(text, v6, (match) => {
          if (!match.includes(':') || nobody.has(match)) return false
          const digits = match.replace(/[^0-9A-Fa-f]/g, '').length
          const colons = match.split(':').length - 1
          // Slices (`1::2`) and names of modules (`abc::def`) have the form of short ones.
          const tells = colons >= 3 || (digits >= 5 && /\d/.test(match))
          return tells && isIPv6(match)
        }),
}

const mac =
  /(?<![\w:-])(?:[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![\w:]|-[0-9A-Fa-f])/g

/** Addresses of network cards (IEEE 802). */
export const macAddress: Preset = {
  credential: false,
  find: (text, { colons, dots, hyphens }) =>
    colons < 5 && dots < 2 && hyphens < 5
      ? nowhere
      : matchesOf(text, mac, (match) => !/^(?:00[:-]?){5}00$|^(?:ff[:-]?){5}ff$/i.test(match)),
}
