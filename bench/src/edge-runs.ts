import type { SpanRecord } from '@trace2/store/otlp'

type Attributes = Readonly<Record<string, string | readonly string[]>>

const resource = { attributes: new Map([['service.name', 'bench']]), schemaUrl: '' }
const scope = { name: 'bench', version: '1', attributes: new Map(), schemaUrl: '' }

/** Runs of agents of which edges of each kind are derived, the same for the same seed. */
export class EdgeRuns {
  #state: number
  #clock = 1_700_000_000_000_000_000n

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Of five runs, one is a stranger's, one has inputs without an origin, and three say where their inputs come from. */
  next(size: number): SpanRecord[] {
    const traceId = this.#hex(32)
    const kind = this.#below(5)
    const ids = Array.from({ length: size }, () => this.#hex(16))
    const outputs = ids.map(() => `${this.#hex(120)} was found`)
    return ids.map((spanId, at) => {
      const from = at > 1 ? 1 + this.#below(at - 1) : 0
      const attributes =
        kind === 0
          ? foreign(at, outputs, from)
          : own(at, outputs, from, kind === 1 ? undefined : { traceId, spanId: ids[from] ?? '' })
      return this.#span(traceId, spanId, at === 0 ? undefined : ids[0], attributes)
    })
  }

  #span(
    traceId: string,
    spanId: string,
    parentSpanId: string | undefined,
    attributes: Attributes,
  ): SpanRecord {
    this.#clock += 1_000_000n
    return {
      traceId,
      spanId,
      parentSpanId,
      traceState: '',
      flags: 1,
      name: 'step',
      kind: 1,
      startNs: this.#clock,
      endNs: this.#clock + 900_000n,
      attributes: new Map(Object.entries(attributes)),
      droppedAttributesCount: 0,
      events: [],
      droppedEventsCount: 0,
      links: [],
      droppedLinksCount: 0,
      status: { code: 0, message: '' },
      resource,
      scope,
    }
  }

  #hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.#below(0x10000).toString(16).padStart(4, '0')
    return text
  }

  /** mulberry32. */
  #below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * end)
  }
}

function own(
  at: number,
  outputs: readonly string[],
  from: number,
  origin: { readonly traceId: string; readonly spanId: string } | undefined,
): Attributes {
  const said = ['prompt=param:prompt@1', `at=value:${at}`]
  if (origin && at > 1) said.push(`found=span:${origin.traceId}:${origin.spanId}!identity`)
  return {
    'trace2.kind': at === 0 ? 'run' : 'op',
    'trace2.op': `step${at % 12}`,
    'input.value': JSON.stringify({ found: outputs[from], prompt: 'Find it.' }),
    'input.mime_type': 'application/json',
    'output.value': outputs[at] ?? '',
    'trace2.inputs': origin ? said : [],
  }
}

function foreign(at: number, outputs: readonly string[], from: number): Attributes {
  return {
    'openinference.span.kind': at === 0 ? 'CHAIN' : at % 2 === 0 ? 'TOOL' : 'LLM',
    'input.value': `What of ${outputs[from]}?`,
    'output.value': outputs[at] ?? '',
  }
}
