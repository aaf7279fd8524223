import { bundle, Node, node, type Parameter, parameter, run, t } from '../index.ts'
import type { Arg, Step } from './programs.ts'

/** Where a value truly came from: a call and a pointer into its result, or a parameter. */
interface Truth {
  readonly from: string
  readonly pointer: string
}

/** A result that later calls may use. */
interface Result {
  readonly value: unknown
  readonly call: string
  /** As seen from whoever may use it; a part of a stream begins with its index. */
  readonly pointer: string
  readonly handle: Node<unknown>
}

/** Results that a body has made, and those around it. */
interface Room {
  readonly call: string
  readonly results: Result[]
  readonly outer: Room | undefined
}

const parameters: readonly Parameter<string>[] = [0, 1, 2].map((index) =>
  parameter(`programs.p${index}`, `the value of parameter ${index}`),
)

const tick = () => new Promise<void>((done) => setImmediate(done))

/** Executes random programs with real bundles, and keeps the edges that ought to be recorded. */
export class Execution {
  /** `call` → `role|from|pointer|how`. */
  readonly expected = new Map<string, Set<string>>()
  #calls = 0
  #texts = 0
  /** Producers of the one text that operators make again and again. */
  readonly #constants = new Set<string>()
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  async run(steps: readonly Step[], parallel: boolean): Promise<void> {
    const call = this.#newCall()
    const agent = run('agent', async (_id: string) => {
      await this.#body(steps, parallel, { call, results: [], outer: undefined })
    })
    await agent(call)
  }

  async #body(steps: readonly Step[], parallel: boolean, room: Room): Promise<void> {
    if (parallel) {
      await Promise.all(steps.map((step) => this.#step(step, room)))
      return
    }
    for (const step of steps) await this.#step(step, room)
  }

  #step(step: Step, room: Room): unknown {
    const call = this.#newCall()
    const args = step.args.map((arg, index) => this.#argument(arg, `_a${index}`, call, room))
    const inner: Room = { call, results: [], outer: room }
    const add = (value: unknown, pointer: string, handle: Node<unknown>) => {
      room.results.push({ value, call, pointer, handle })
    }
    const addError = (error: unknown) => add(error, '', node(error))
    const [a0, a1, a2] = args
    if (step.mode === 'sync') {
      const operator = bundle(
        'sync',
        (_id: string, _a0?: unknown, _a1?: unknown, _a2?: unknown) => {
          this.#read(step, call)
          for (const child of step.body) if (child.mode === 'sync') this.#step(child, inner)
          return this.#result(step, inner)
        },
      )
      try {
        const handle = operator.node(call, a0, a1, a2)
        add(handle.value, '', handle)
      } catch (error) {
        addError(error)
      }
      return undefined
    }
    if (step.mode === 'async') {
      const operator = bundle(
        'async',
        async (_id: string, _a0?: unknown, _a1?: unknown, _a2?: unknown) => {
          this.#read(step, call)
          await this.#body(step.body, step.parallel, inner)
          for (let count = 0; count < step.wait; count++) await tick()
          return this.#result(step, inner)
        },
      )
      return operator
        .node(call, a0, a1, a2)
        .then((handle) => add(handle.value, '', handle), addError)
    }
    return this.#stream(step, inner, args, add).catch(addError)
  }

  async #stream(
    step: Step,
    inner: Room,
    args: readonly unknown[],
    add: (value: unknown, pointer: string, handle: Node<unknown>) => void,
  ): Promise<void> {
    const make = () => (step.mode === 'stream' ? this.#object() : this.#text())
    const unique = () => this.#text()
    const read = () => this.#read(step, inner.call)
    const body = () => this.#body(step.body, step.parallel, inner)
    const operator = bundle(
      'stream',
      async function* (_id: string, _a0?: unknown, _a1?: unknown, _a2?: unknown) {
        read()
        yield make()
        await body()
        if (step.result === 'error') throw new Error(unique())
        yield make()
      },
    )
    const [a0, a1, a2] = args
    const handle = operator.node(inner.call, a0, a1, a2)
    const items: unknown[] = []
    for await (const item of handle.value) items.push(item)
    if (step.mode === 'text-stream') {
      const text = items.join('')
      add(text, '', new Node(text, handle.origin))
      return
    }
    for (const [index, item] of items.entries()) add(item, `/${index}`, node(item))
  }

  #argument(arg: Arg, role: string, call: string, room: Room): unknown {
    const available = roomsOf(room).flatMap(({ results }) => results)
    const chosen = available[arg.pick % Math.max(1, available.length)]
    const other = available[arg.other % Math.max(1, available.length)]
    const system = parameters[arg.pick % parameters.length]
    const expect = (truth: Truth, how: string) => this.#expect(call, role, truth, how)
    if (system && arg.form === 'parameter') {
      expect({ from: system.name, pointer: '' }, 'exact')
      return system
    }
    if (system && arg.form === 'parameter-value') {
      this.#expectRead(room.call, system.name)
      expect({ from: system.name, pointer: '' }, 'value')
      return system.value
    }
    if (system && arg.form === 'template') {
      this.#expectRead(room.call, system.name)
      expect({ from: system.name, pointer: '' }, 'template')
      const inserted = chosen && this.#inserted(chosen, (truth) => expect(truth, 'template'))
      return t`${system}: ${t`[${inserted}, ${this.#text()}]`}`
    }
    if (!chosen || !other || arg.form === 'external') return { external: this.#text() }
    switch (arg.form) {
      case 'handle':
        expect({ from: chosen.call, pointer: chosen.pointer }, 'exact')
        return chosen.handle
      case 'handle-part':
        if (!isMade(chosen.value)) return 7
        expect({ from: chosen.call, pointer: `${chosen.pointer}/items` }, 'exact')
        return chosen.handle.at('items' as never)
      case 'part':
        if (!isMade(chosen.value)) return true
        expect({ from: chosen.call, pointer: `${chosen.pointer}/items/0` }, 'identity')
        return chosen.value.items[0]
      case 'leaf':
        // What a stream yields is known by value when the stream has ended, as it has here.
        if (!isMade(chosen.value)) return null
        expect({ from: chosen.call, pointer: `${chosen.pointer}/items/0/title` }, 'value')
        return chosen.value.items[0]?.title
      case 'copy':
        if (!isMade(chosen.value)) return ''
        for (const leaf of textPointers(chosen.value)) {
          expect({ from: chosen.call, pointer: chosen.pointer + leaf }, 'value')
        }
        return structuredClone(chosen.value)
      case 'container':
        return [this.#contained(chosen, expect), { deep: this.#contained(other, expect) }, 'x']
      default:
        return this.#plain(chosen, expect)
    }
  }

  /** A result passed as it is, and the edge that this ought to give. */
  #plain(result: Result, expect: (truth: Truth, how: string) => void): unknown {
    const { value, call: from, pointer } = result
    if (typeof value === 'object' && value !== null) expect({ from, pointer }, 'identity')
    else if (value === constant) {
      if (this.#constants.size === 1) expect({ from, pointer }, 'value')
    } else expect({ from, pointer }, 'value')
    return value
  }

  /** A number inside an argument says nothing. */
  #contained(part: Result, expect: (truth: Truth, how: string) => void): unknown {
    return typeof part.value === 'number' ? part.value : this.#plain(part, expect)
  }

  /** An object would be the same text whatever it is. */
  #inserted(result: Result, expect: (truth: Truth, how: string) => void): unknown {
    if (!isMade(result.value)) return this.#plain(result, expect)
    expect({ from: result.call, pointer: `${result.pointer}/text` }, '')
    return result.handle.at('text' as never)
  }

  #result(step: Step, room: Room): unknown {
    const [first, second] = room.results
    const hand = (result: Result, how: string) =>
      this.#expect(room.call, 'return', { from: result.call, pointer: result.pointer }, how)
    switch (step.result) {
      case 'text':
        return this.#text()
      case 'number':
        return ++this.#texts + 0.12345
      case 'constant':
        if (room.results.length > 0 || step.mode !== 'sync') return this.#text()
        this.#constants.add(room.call)
        return constant
      case 'error':
        throw new Error(this.#text())
      case 'rethrow': {
        const failed = room.results.find(({ value }) => value instanceof Error)
        if (!failed) return this.#object()
        hand(failed, 'identity')
        throw failed.value
      }
      case 'inner':
        if (!first || first.value === constant || first.value instanceof Error) return this.#text()
        hand(first, typeof first.value === 'object' ? 'identity' : 'value')
        return first.value
      case 'assembled':
        if (!first || !second || !isMade(first.value) || !isMade(second.value))
          return this.#object()
        if (first.value === second.value) return this.#object()
        hand(first, 'identity')
        hand(second, 'identity')
        return {
          text: this.#text(),
          items: [{ title: this.#text() }],
          first: first.value,
          second: second.value,
        }
      default:
        return this.#object()
    }
  }

  #expectRead(call: string, name: string): void {
    this.#expect(call, name, { from: name, pointer: '' }, 'exact')
  }

  #read(step: Step, call: string): void {
    const system = step.reads === null ? undefined : parameters[step.reads % parameters.length]
    if (!system) return
    void system.value
    this.#expectRead(call, system.name)
  }

  #expect(call: string, role: string, { from, pointer }: Truth, how: string): void {
    this.expected.get(call)?.add(`${role}|${from}|${pointer}|${how}`)
  }

  #newCall(): string {
    const call = `${this.#name}c${this.#calls++}`
    this.expected.set(call, new Set())
    return call
  }

  #object(): Made {
    return { text: this.#text(), items: [{ title: this.#text() }] }
  }

  #text(): string {
    return `a text of its own ${this.#name} ${this.#texts++}`
  }
}

const constant = 'the same text every time'

interface Made {
  readonly text: string
  readonly items: readonly { readonly title: string }[]
}

function isMade(value: unknown): value is Made {
  return typeof value === 'object' && value !== null && 'items' in value && 'text' in value
}

function textPointers(value: unknown): string[] {
  if (typeof value === 'string') return ['']
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    textPointers(member).map((pointer) => `/${key}${pointer}`),
  )
}

function roomsOf(room: Room | undefined): Room[] {
  return room ? [...roomsOf(room.outer), room] : []
}
