import { seeded } from './random.ts'
import { coresOf, keys, type Maker, namedSecrets, personal } from './secrets.ts'

/** A secret in a form. */
export interface Planted {
  /** What it is and how it is written. */
  readonly label: string
  /** The text to plant. */
  readonly text: string
  /** Parts of which none may be found afterwards. */
  readonly needles: readonly string[]
}

/** How a text is written, and what each part of it then is. */
interface Form {
  readonly around: (text: string) => string
  /** What stands for a part of the text; nothing where the form makes one word of all. */
  readonly part?: (part: string) => string
}

const entities = (text: string) => [...text].map((c) => `&#${c.codePointAt(0)};`).join('')
const escapes = (text: string) =>
  text
    .split('')
    .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
const percent = (text: string) =>
  [...Buffer.from(text)].map((b) => `%${b.toString(16).padStart(2, '0').toUpperCase()}`).join('')
const base64 = (text: string) => Buffer.from(text).toString('base64')
const asIs = (part: string) => part
const inJson = (part: string) => JSON.stringify(part).slice(1, -1)

/** How a secret may stand in a text. */
const forms: Readonly<Record<string, Form>> = {
  alone: { around: asIs, part: asIs },
  'in words': { around: (text) => `We were told: ${text} and nothing else`, part: asIs },
  'in JSON': { around: (text) => JSON.stringify({ note: text, n: 1 }), part: inJson },
  'in JSON in JSON': {
    around: (text) => JSON.stringify({ a: JSON.stringify([{ note: `see ${text}` }]) }),
    part: (part) => inJson(inJson(part)),
  },
  'in lines': { around: (text) => `first line\n${text}\nlast line`, part: asIs },
  base64: { around: base64 },
  'base64 in words': { around: (text) => `body ${base64(`note: ${text}`)} end` },
  base64url: { around: (text) => Buffer.from(`>>?? ${text} ~~`).toString('base64url') },
  hex: { around: (text) => Buffer.from(text).toString('hex') },
  'percent-encoded': { around: encodeURIComponent, part: encodeURIComponent },
  'every byte percent-encoded': { around: percent, part: percent },
  'twice percent-encoded': {
    around: (text) => encodeURIComponent(encodeURIComponent(` ${text}`)),
    part: (part) => encodeURIComponent(encodeURIComponent(part)),
  },
  entities: { around: entities, part: entities },
  'escapes of JSON': { around: (text) => `cut {"a": "${escapes(text)}`, part: escapes },
  'data URL': { around: (text) => `data:text/plain;base64,${base64(text)}` },
}

/** Half of the combinations is for designing, the other is only for measuring. */
export type Half = 'design' | 'measure'

/** Every kind in some forms: which combinations, and all that is random in them, follow from the seed. */
export function planted(seed: number, half: Half): Planted[] {
  const random = seeded(seed)
  const all: Planted[] = []
  const makers: [string, Maker][] = [keys, namedSecrets, personal].flatMap(Object.entries)
  let count = 0
  for (const [kind, maker] of makers) {
    const names = Object.keys(forms)
    const offset = random.below(names.length)
    for (let n = 0; n < 4; n++) {
      const form = n === 0 ? 'alone' : (names[(offset + n * 4) % names.length] ?? 'alone')
      const { text: secret, cores } = coresOf(maker(random))
      const { around, part } = forms[form] ?? { around: asIs }
      const text = around(secret)
      count++
      if ((count % 2 === 0) !== (half === 'measure')) continue
      const words = text.match(/[\w+/=-]{12,}/g) ?? [text]
      all.push({ label: `${kind}, ${form}`, text, needles: part ? cores.map(part) : words })
    }
    count++
  }
  return all
}
