import { bundle, deriveText, node, parameter, run, t } from '@trace2/instrumentation'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { OptoPrime, store } from './index.ts'

const model = 'simulated-small'
const dry = { model, dryRun: true, maxTokens: 1_000_000 }

const first = bundle('first', (by: string) => `begin with ${by}`)
const step = bundle('step', (before: string, at: number) => `${at} after ${before.length}`)
const join = bundle('join', (...parts: string[]) => parts.join(' '))
const pair = bundle('pair', (a: unknown, b: unknown) => ({ a, b }))

/** The names of the variables that a question shows. */
function variablesIn(preview: unknown): Set<string> {
  const names = JSON.stringify(preview).matchAll(/<variable name=\\+"([^"\\]+)\\+"/g)
  return new Set(Array.from(names, ([, name]) => name ?? ''))
}

describe('calls outside any run', () => {
  it('are followed over a chain of hundreds to the first', async () => {
    const seed = parameter('chain.seed', 'the seed of it')
    let output = first.node(seed)
    for (let at = 0; at < 300; at++) output = step.node(output, at)
    const optimizer = new OptoPrime([seed], dry)
    optimizer.backward(output, 'Wrong.')
    const { preview, unreached } = await optimizer.propose()
    expect(variablesIn(preview)).toEqual(new Set(['chain.seed']))
    expect(unreached).toEqual([])
  })

  it('are followed to each of hundreds that one joins', async () => {
    const seeds = Array.from({ length: 300 }, (_, at) => parameter(`join.p${at}`, `value ${at}`))
    const optimizer = new OptoPrime(seeds, dry)
    optimizer.backward(join.node(...seeds.map((seed) => first.node(seed))), 'Wrong.')
    const { preview, unreached } = await optimizer.propose()
    expect(variablesIn(preview)).toEqual(new Set(seeds.map(({ name }) => name)))
    expect(unreached).toEqual([])
  })

  it('are told apart from a run where a plain value between them has no origin', async () => {
    const scale = parameter('plain.scale', 1234.5)
    const double = bundle('double', (by: number) => by * 2)
    const tell = bundle('tell', (x: number) => `it is ${x}`)
    const plain = new OptoPrime([scale], dry)
    plain.backward(tell.node(double(scale) + 1), 'Wrong.')
    await expect(plain.propose()).rejects.toMatchObject({
      code: 'T2_FEEDBACK_UNREACHED',
      message: expect.stringMatching(/plain\.scale: .*outside run\(\).*tell\(x\).*node.*run\(\)/is),
    })
    for (const output of [
      run('plain-run', () => tell(double(scale) + 1))(),
      tell.node(double.node(scale)),
    ]) {
      const optimizer = new OptoPrime([scale], dry)
      optimizer.backward(output, 'Wrong.')
      expect(variablesIn((await optimizer.propose()).preview)).toEqual(new Set(['plain.scale']))
    }
  })

  it('show two versions of a parameter that meet in one: the present one, and the other as an attempt', async () => {
    await using server = await chatServer(() =>
      JSON.stringify({ reasoning: '', suggestion: { 'twice.word': 'third value' } }),
    )
    const word = parameter('twice.word', 'first value')
    const early = t`${word} early`
    word.update('second value')
    const output = pair.node(early, t`${word} late`)
    const graph = async () => (await store.graph(output.traceId ?? '')).nodes
    const optimizer = new OptoPrime([word], { client: server.client, model })
    optimizer.backward(output, { score: 0.25, comment: 'Hm.' })
    const { proposals } = await optimizer.step()
    expect((await graph()).flatMap((of) => (of.kind === 'parameter' ? [of.value] : []))).toEqual(
      expect.arrayContaining(['first value', 'second value']),
    )
    const prompt = server.bodies[0]?.messages.at(-1)?.content
    expect(prompt).toMatch(/<variable name="twice.word"[^>]*>\nsecond value\n/)
    expect(prompt).toMatch(/<attempt [^>]*score="0.250"[^>]*>\nfirst value\n/)
    expect(proposals).toMatchObject([{ baseValue: 'second value', value: 'third value' }])
  })
})

describe('what has to come first', () => {
  it('is awaiting the result of an asynchronous call, in a list too', async () => {
    const later = bundle('later', async (text: string) => `${text}!`)
    const optimizer = new OptoPrime([], dry)
    const promise = later('not yet')
    const lazy = Object.fromEntries([['then', (done: (value: string) => void) => done('now')]])
    for (const target of [promise, [await later('now'), promise], node(promise), lazy]) {
      expect(() => optimizer.backward(target, 'Wrong.')).toThrow(
        expect.objectContaining({
          code: 'T2_TARGET_PROMISE',
          message: expect.stringMatching(/await it/),
          remedy: expect.stringMatching(/await/i),
        }),
      )
    }
    const judged = Object.assign(Promise.resolve(), { comment: 'Wrong.' })
    expect(() => optimizer.backward(promise, judged)).toThrow(
      expect.objectContaining({ code: 'T2_NO_FEEDBACK', message: expect.stringMatching(/await/i) }),
    )
    await expect(optimizer.propose()).rejects.toMatchObject({ code: 'T2_NO_FEEDBACK' })
  })

  it('is the end of the call, as of a stream that nobody has read', async () => {
    const word = parameter('open.word', 'a word')
    const say = bundle('open', async function* (text: string) {
      yield `some ${text}`
    })
    const optimizer = new OptoPrime([word], dry)
    const stream = say(word)
    optimizer.backward(stream, 'Wrong.')
    await expect(optimizer.propose()).rejects.toMatchObject({ code: 'T2_TARGET_OPEN' })
    for await (const piece of stream) expect(piece).toBe('some a word')
    expect(variablesIn((await optimizer.propose()).preview)).toEqual(new Set(['open.word']))
  })
})

/** One call of a program without a run: how its two inputs are made from what there is. */
const calls = fc.array(
  fc.record({
    inputs: fc.tuple(
      fc.record({
        form: fc.constantFrom(
          'node',
          'object',
          'list',
          'set',
          'template',
          'derived',
          'changed',
          'literal',
          'parameter',
        ),
        of: fc.nat(50),
      }),
      fc.record({
        form: fc.constantFrom('node', 'node', 'template', 'changed', 'parameter'),
        of: fc.nat(50),
      }),
    ),
    changes: fc.option(fc.nat(50), { freq: 4, nil: undefined }),
  }),
  { minLength: 1, maxLength: 20 },
)

it('reaches exactly the parameters that the last of some calls outside a run was made from', async () => {
  const words = [0, 1, 2, 3].map((at) => parameter(`oracle.p${at}`, `value ${at}`))
  let changes = 0
  let results = 0
  const make = bundle('oracle', (_a: unknown, _b: unknown) => `result ${results++}`)
  await fc.assert(
    fc.asyncProperty(calls, async (program) => {
      /** Each call's output, with the parameters and versions that are truly in it. */
      const made: { node: ReturnType<typeof make.node>; from: ReadonlySet<string> }[] = []
      for (const { inputs, changes: changed } of program) {
        const from = new Set<string>()
        const [a, b] = inputs.map(({ form, of }) => {
          const word = words[of % words.length]
          const before = made[of % Math.max(1, made.length)]
          if (word && (form === 'parameter' || !before)) {
            from.add(`${word.name}@${word.version}`)
            return word
          }
          if (!before || form === 'literal') return `literal ${of}`
          // A text that was changed by hand says nothing of what it was.
          if (form === 'changed') return `${before.node.value} changed`
          for (const each of before.from) from.add(each)
          if (form === 'object') return { deep: { held: before.node } }
          if (form === 'list') return [[before.node]]
          if (form === 'set') return new Set([before.node])
          if (form === 'template') return t`${of}: ${before.node}`
          if (form === 'derived') return deriveText(before.node, (value) => `${value} ${of}`)
          return before.node
        })
        made.push({ node: make.node(a, b), from })
        if (changed !== undefined) words[changed % words.length]?.update(`changed ${changes++}`)
      }
      const last = made.at(-1)
      const optimizer = new OptoPrime(words, dry)
      optimizer.backward(last?.node, 'Wrong.')
      const names = new Set([...(last?.from ?? [])].map((each) => each.split('@')[0]))
      if (names.size === 0) {
        await expect(optimizer.propose()).rejects.toMatchObject({ code: 'T2_FEEDBACK_UNREACHED' })
        return
      }
      const { preview, unreached } = await optimizer.propose()
      expect(variablesIn(preview)).toEqual(names)
      const missed = words.flatMap(({ name }) => (names.has(name) ? [] : name))
      expect(unreached.map(({ name }) => name).sort()).toEqual(missed)
      const { nodes } = await store.graph(last?.node.traceId ?? '', { followLinks: true })
      const versions = nodes.flatMap((of) => (of.kind === 'parameter' ? of.id : []))
      expect(versions.sort()).toEqual([...(last?.from ?? [])].map((each) => `param:${each}`).sort())
    }),
    { numRuns: 60 },
  )
})
