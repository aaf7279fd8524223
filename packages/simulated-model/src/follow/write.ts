import { chance, pick } from '../chance.ts'
import { demandsFor } from './condition.ts'
import { findField } from './fields.ts'
import type { Demand, Instruction } from './instruction.ts'

/** What the simulation writes when nobody tells it what to write: courteous, vague and long. */
const filler: readonly (readonly string[])[] = [
  [
    'Thank you for getting in touch with us.',
    'Many thanks for reaching out to our team today.',
    'We appreciate that you took the time to write to us.',
  ],
  [
    'Unfortunately things sometimes do not go as planned, and we understand how frustrating that can be for you.',
    'Unfortunately we receive a very large number of messages at the moment, and we ask for your patience.',
  ],
  [
    'We have passed your message on to the colleagues who are responsible, and they will look into it carefully.',
    'Your message has been received, and somebody from our side is going to have a look at it.',
  ],
  [
    'We will get back to you as soon as possible with more information about the next steps.',
    'You can expect to hear from us again within the next few days, once we know more.',
  ],
  [
    'If there is anything else that we can do for you in the meantime, please do not hesitate to ask.',
    'Please feel free to write to us again at any time if any further question should come up.',
  ],
]

/** How often it greets a customer whose name it finds without being told to. */
const habit = 0.5

/** Writes a free text about the data that fulfils the explicit instructions; without any it is vague and long. */
export function write(instructions: readonly Instruction[], data: string, seed: number): string {
  const demands = demandsFor(instructions, data)
  const avoided = of(demands, 'avoid').map(({ text }) => text.toLowerCase())
  const asked = of(demands, 'greet').map(({ name }) => name)[0]
  const greeted = findField(
    data,
    asked ?? (chance(seed, 'greet', data) < habit ? 'customer name' : ''),
  )
  const stated = of(demands, 'field').flatMap(({ name }) => {
    const field = findField(data, name)
    return field ? [`${field.label}: ${field.value.replace(/\.$/, '')}.`] : []
  })
  const said = of(demands, 'say').map(({ text }) => sentence(text))
  const styles = new Set(of(demands, 'style').map(({ style }) => style))
  const start = of(demands, 'start').map(({ text }) => text)
  const end = of(demands, 'end').map(({ text }) => text)
  if (end.length === 0 && styles.has('polite')) end.push('Kind regards')
  if (start.length === 0 && greeted) start.push(`Dear ${greeted.value},`)

  const vague = filler
    .flatMap((variants, i) => pick(variants, seed, 'filler', String(i), data) ?? [])
    .filter((text) => !avoided.some((avoid) => text.toLowerCase().includes(avoid)))
    .slice(0, styles.has('concise') ? 1 : undefined)
  const core = [...new Set([...stated, ...said])]
  const compose = (extra: number) => [...start, ...vague.slice(0, extra), ...core, ...end].join(' ')
  let extra = vague.length
  while (extra > 0 && !fits(compose(extra), demands)) extra--
  return cut(compose(extra) || (vague[0] ?? 'Noted.'), demands)
}

function of<K extends Demand['kind']>(demands: readonly Demand[], kind: K) {
  return demands.filter((demand): demand is Extract<Demand, { kind: K }> => demand.kind === kind)
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** Whether a text keeps to the limits among the demands. */
export function fits(text: string, demands: readonly Demand[]): boolean {
  return of(demands, 'limit').every(({ count, unit }) => measure(text, unit) <= count)
}

function measure(text: string, unit: 'words' | 'sentences'): number {
  // Counted as an editor counts them: what white space separates.
  return unit === 'words'
    ? text.trim().split(/\s+/).length
    : (text.match(/[.!?](?=\s|$)/g) ?? [text]).length
}

function cut(text: string, demands: readonly Demand[]): string {
  if (fits(text, demands)) return text
  const parts = text.split(' ')
  while (parts.length > 1 && !fits(parts.join(' '), demands)) parts.pop()
  return parts.join(' ')
}
