import { bundle, parameter, run } from '@trace2/instrumentation'
import { shorten } from './text.ts'

export interface Ticket {
  readonly id: string
  readonly tier?: string
}

const categories = ['billing', 'shipping'] as const

/** Puts a ticket into a category. */
export const classify = bundle(async function classify(
  ticket: string,
  instruction: string,
): Promise<string> {
  await null
  return categories.find((category) => ticket.includes(category)) ?? instruction
})

export const route = bundle('route', (category: string, urgency = 0.5): string => {
  // Chooses who answers.
  return `${shorten(category)} ${urgency > 0.7 ? 'now' : 'later'}`
})

/** Greets the customer. Must stay polite. */
export const greet = bundle(
  function greet(name: string): string {
    return `Dear ${name}`
  },
  { trainable: true },
)

export const part = bundle(
  function part(name: string): string {
    return `Dear ${name}, goodbye`
  },
  { trainable: true },
)

export const subject = bundle(
  function subject(text: string): string {
    return `Dear ${text.trim()}`
  },
  { trainable: true },
)

export const body = bundle(
  function body(text: string): string {
    return `Dear ${text.trim()}`
  },
  { trainable: true },
)

export const polish = bundle(
  (text: string, mark: string = '!'): string => {
    /** Makes a text ready to send. */
    const clean = (part: string): string => part.trim().replace(/\s+/g, ' ')
    function close(part: string): string {
      return part.endsWith(mark) ? part : `${part}${mark}`
    }
    class Letter {
      readonly #opening: string
      constructor(opening: string) {
        this.#opening = opening
      }
      write(rest: string): string {
        return close(`${this.#opening} ${clean(rest)}`)
      }
    }
    return new Letter('Dear').write(text)
  },
  { trainable: true },
)

export const team = bundle(
  'team',
  async ({ id, tier = 'basic', ...rest }: Ticket): Promise<string> => {
    await null
    const all = { ...rest, id, tier } satisfies Ticket
    return ['Dear', ...Object.values(all)].map((value) => value ?? '').join(' ')
  },
  { trainable: true, step: 'tool' },
)

class Desk {
  readonly opening: string = 'Dear'
  /** Signs off. */
  sign(name: string): string {
    return `Dear ${name as string}`
  }
}

export const sign = bundle('sign', new Desk().sign, { trainable: true })

const system = parameter('triage.system', 'other')

export const agent = run('agent', async (ticket: string): Promise<string> => {
  const category = await classify(ticket, system.value)
  return `${greet('Ann')} ${route(category)} ${await team({ id: 't1' })}`
})
