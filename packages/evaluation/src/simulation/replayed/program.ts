import { type Random, seeded } from '../../numeric/index.ts'

/** A random agent whose operators compute from what they are given, so that a change spreads as it does in a real one. */
export interface Program {
  /** The steps of the agent. */
  readonly body: Body
  /** Number of parameters. */
  readonly parameters: number
}

/** Steps, those in one list at the same time. */
export type Body = readonly (readonly Step[])[]

/** One operator of a made-up agent. */
export interface Step {
  readonly name: string
  /** What the step uses: outputs of steps of its own body and of the bodies around it. */
  readonly inputs: readonly Use[]
  /** The parameter that the step uses, and how it gets it. `undefined` if it uses none. */
  readonly parameter: { readonly index: number; readonly how: 'passed' | 'read' } | undefined
  /** How the step gives its output. */
  readonly form: 'sync' | 'async' | 'stream' | 'text'
  /** The steps inside of this one. */
  readonly inner: Body
  /** Whether the step gives the same output for all inputs. */
  readonly isDeaf: boolean
  /** Whether the step throws at its first call. It is then called once more. */
  readonly fails: boolean
  /** Whether the step has effects. */
  readonly hasEffects: boolean
}

export interface Use {
  /** A step that is done by then; `undefined` is the agent's own input. */
  readonly step: string | undefined
  /** The whole output, or its text alone. */
  readonly part: 'whole' | 'text'
}

/** Options of a made-up agent. */
export interface ProgramOptions {
  /** Share of the steps that have effects, from 0 to 1. Default 0. */
  readonly effects?: number
  /** Limit of the steps of the agent itself. Default 8. */
  readonly steps?: number
}

/** The program of a seed. */
export function randomProgram(seed: number, options: ProgramOptions = {}): Program {
  return new Maker(seed, options).program()
}

class Maker {
  readonly #random: Random
  readonly #options: Required<ProgramOptions>
  readonly #parameters: number
  #names = 0

  constructor(seed: number, { effects = 0, steps = 8 }: ProgramOptions) {
    this.#random = seeded(seed)
    this.#options = { effects, steps }
    this.#parameters = 1 + this.#below(3)
  }

  program(): Program {
    const body = this.#body(1 + this.#below(this.#options.steps), [], 2)
    return { body, parameters: this.#parameters }
  }

  #body(count: number, outer: readonly string[], depth: number): Body {
    const body: Step[][] = []
    const done = [...outer]
    for (let made = 0; made < count; ) {
      const size = this.#isSo(0.3) ? Math.min(2, count - made) : 1
      const group = Array.from({ length: size }, () => this.#step(done, depth))
      body.push(group)
      done.push(...group.map(({ name }) => name))
      made += size
    }
    return body
  }

  #step(done: readonly string[], depth: number): Step {
    const name = `step${this.#names++}`
    const form = this.#of(['sync', 'async', 'async', 'stream', 'text'] as const)
    const isOuter = depth > 0 && form === 'async' && this.#isSo(0.5)
    const isPlain = !isOuter && (form === 'sync' || form === 'async')
    const parameter = this.#isSo(0.25)
      ? { index: this.#below(this.#parameters), how: this.#of(['passed', 'read'] as const) }
      : undefined
    return {
      name,
      inputs: Array.from({ length: this.#below(4) }, () => this.#use(done)),
      parameter,
      form,
      inner: isOuter ? this.#body(1 + this.#below(3), done, depth - 1) : [],
      isDeaf: this.#isSo(0.2),
      fails: isPlain && this.#isSo(0.15),
      hasEffects: !isOuter && this.#isSo(this.#options.effects),
    }
  }

  #use(done: readonly string[]): Use {
    const step = this.#isSo(0.8) ? done[this.#below(done.length)] : undefined
    return { step, part: this.#of(['whole', 'text'] as const) }
  }

  #of<T>(list: readonly [T, ...T[]]): T {
    return list[this.#below(list.length)] ?? list[0]
  }

  #below(bound: number): number {
    return Math.floor(this.#random() * bound)
  }

  #isSo(share: number): boolean {
    return this.#random() < share
  }
}
