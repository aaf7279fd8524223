import { bundle, type Node, node, type Parameter, parameter, run, t } from '@trace2/instrumentation'
import type { Program, Source, Step } from './program.ts'

/** What a program really did, in names: operators by theirs, parameters as `param:<name>`, inputs as `input:<json>`. */
export interface Truth {
  readonly traceId: string
  readonly edges: ReadonlySet<string>
  readonly operators: ReadonlySet<string>
}

export const edgeText = (from: string, to: string, role: string, pointer: string, how: string) =>
  `${from} -> ${to} as ${role}${pointer && ` of ${pointer}`} (${how})`

interface Result {
  readonly operator: string
  readonly value: Output
  readonly node: Node<Output> | undefined
}

interface Output {
  readonly title: string
  readonly part: { readonly of: string }
  readonly list: readonly { readonly of: string }[]
}

let programs = 0

/** Runs a program through the public interface of `@trace2/instrumentation` and keeps book of its true dataflow. */
export async function execute(program: Program): Promise<Truth> {
  const name = `program${programs++}`
  const parameters = program.parameters.map((value, index) => parameter(`${name}.p${index}`, value))
  const book = new Book(name, parameters)
  const agent = run(name, async () => {
    const results = book.start(program.steps, [], name)
    const all = await Promise.all(results)
    const last = all.at(-1)
    if (last) book.flow(last.operator, name, 'return', '', 'identity')
    return last?.value
  })
  const result = await agent.node()
  return { traceId: result.traceId ?? '', edges: book.finish(), operators: book.operators }
}

class Book {
  readonly operators = new Set<string>()
  readonly #edges = new Set<string>()
  readonly #flows: { from: string; to: string }[] = []
  readonly #parents = new Map<string, string>()
  readonly #name: string
  readonly #parameters: readonly Parameter<string | number>[]

  constructor(name: string, parameters: readonly Parameter<string | number>[]) {
    this.#name = name
    this.#parameters = parameters
    this.operators.add(name)
  }

  flow(from: string, to: string, role: string, pointer: string, how: string): void {
    this.#flows.push({ from, to })
    this.#edges.add(edgeText(from, to, role, pointer, how))
  }

  /** Starts all steps at once; each waits only for what it uses. */
  start(steps: readonly Step[], outer: readonly Promise<Result>[], parent: string) {
    const results: Promise<Result>[] = []
    for (const step of steps) {
      results.push(this.#execute(step, [...outer, ...results], parent))
    }
    return results
  }

  async #execute(step: Step, before: readonly Promise<Result>[], parent: string): Promise<Result> {
    const operator = `${this.#name}.op${this.operators.size}`
    this.operators.add(operator)
    this.#parents.set(operator, parent)
    const args: unknown[] = []
    for (const [index, source] of step.inputs.entries()) {
      args.push(await this.#argument(source, before, operator, 'abc'.charAt(index)))
    }
    const call = this.#bundle(operator, step, before, args.length)
    if (step.handle) {
      const handle = await call.node(...args)
      return { operator, value: handle.value, node: handle }
    }
    return { operator, value: await call(...args), node: undefined }
  }

  #bundle(operator: string, step: Step, before: readonly Promise<Result>[], arity: number) {
    const fresh = (): Output => ({
      title: `title of ${operator}`,
      part: { of: `part of ${operator}` },
      list: [{ of: `element of ${operator}` }],
    })
    const body = step.async
      ? async () => {
          await new Promise((resolve) => setImmediate(resolve))
          const inner = await Promise.all(this.start(step.inner, before, operator))
          const last = inner.at(-1)
          if (!step.returnsInner || !last) return fresh()
          this.flow(last.operator, operator, 'return', '', 'identity')
          return last.value
        }
      : fresh
    // Roles are the names of a function's arguments, so each arity needs a function written out.
    const shapes = [
      () => body(),
      (_a: unknown) => body(),
      (_a: unknown, _b: unknown) => body(),
      (_a: unknown, _b: unknown, _c: unknown) => body(),
    ]
    const shape: (...args: unknown[]) => Output | Promise<Output> = shapes[arity] ?? body
    return bundle(operator, shape)
  }

  async #argument(
    source: Source,
    before: readonly Promise<Result>[],
    operator: string,
    letter: string,
  ): Promise<unknown> {
    const role = `_${letter}`
    if (source.from === 'parameter') return this.#parameter(source.index, operator, role, 'exact')
    const producer =
      source.from === 'step'
        ? await before[(before.length - 1 - source.back) % before.length]
        : undefined
    if (source.from === 'outside' || !producer) {
      const kind = source.from === 'outside' ? source.value : 'text'
      return this.#outside(kind, operator, role)
    }
    const { value } = producer
    const edge = (pointer: string, how: string) =>
      this.flow(producer.operator, operator, role, pointer, how)
    switch (source.style) {
      case 'handle':
        if (producer.node) {
          edge('', 'exact')
          return producer.node
        }
        edge('', 'identity')
        return value
      case 'whole':
        edge('', 'identity')
        return value
      case 'part':
        edge('/part', 'identity')
        return value.part
      case 'element':
        edge('/list/0', 'identity')
        return value.list[0]
      case 'text':
        edge('/title', 'value')
        return value.title
      case 'template':
        edge('/title', 'template')
        return t`Read this: ${value.title}. Then answer.`
      case 'template with parameter':
        edge('/title', 'template')
        return t`${this.#templated(operator, role)} ${value.title}`
    }
  }

  #parameter(
    index: number,
    operator: string,
    role: string,
    how: string,
  ): Parameter<string | number> {
    const chosen = this.#parameters[index % this.#parameters.length]
    if (!chosen) throw new Error('a program has at least one parameter')
    this.flow(`param:${chosen.name}`, operator, role, '', how)
    return chosen
  }

  /** The operator that makes a template reads the parameters in it, whatever becomes of the text. */
  #templated(operator: string, role: string): Parameter<string | number> {
    const chosen = this.#parameter(0, operator, role, 'template')
    const maker = this.#parents.get(operator) ?? this.#name
    this.flow(`param:${chosen.name}`, maker, chosen.name, '', 'exact')
    return chosen
  }

  #outside(
    kind: Extract<Source, { from: 'outside' }>['value'],
    operator: string,
    role: string,
  ): unknown {
    const values = {
      object: { outside: operator, role },
      text: `outside ${operator} ${role}`,
      true: true,
      zero: 0,
      empty: '',
    }
    const value = values[kind]
    this.flow(`input:${JSON.stringify(value)}`, operator, role, '', 'exact')
    return kind === 'object' && role === '_b' ? node(value) : value
  }

  /** All edges, those of containment added by their rule: see docs/architecture.md. */
  finish(): ReadonlySet<string> {
    for (const [child, parent] of this.#parents) {
      const used = this.#flows.some(
        ({ from, to }) => from === child && (to === parent || this.#parents.get(to) === parent),
      )
      if (!used) this.#edges.add(edgeText(child, parent, 'contains', '', 'contains'))
    }
    return this.#edges
  }
}
