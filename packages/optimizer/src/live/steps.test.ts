import { bundle, type Parameter, parameter } from '@trace2/instrumentation'
import { expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { candidates, optoPrime } from '../optimizers/index.ts'
import { type LiveOptimizer, liveOptimizer, OptoPrime, store } from './index.ts'

const model = 'simulated-small'
const suggest = (suggestion: object) => JSON.stringify({ reasoning: '', suggestion })

/** A parameter, an agent that says its value, and a way to give feedback on that. */
function saying<T>(name: string, value: T) {
  const word: Parameter<T> = parameter(name, value)
  const say = bundle(`say.${name}`, (text: T) => `I say ${text}`)
  const judge = (optimizer: LiveOptimizer, score = 0) => {
    optimizer.zeroFeedback()
    optimizer.backward(say.node(word), { score, comment: 'Say it better.' })
  }
  return { word, judge }
}

it('asks anew in every step, so that an answer that changes nothing is not given for ever', async () => {
  const { word, judge } = saying('steps.word', 'bad')
  await using server = await chatServer((_body, call) =>
    suggest(call < 3 ? {} : { 'steps.word': 'better' }),
  )
  const optimizer = new OptoPrime([word], { client: server.client, model })
  for (let step = 1; step <= 3; step++) {
    judge(optimizer)
    const { spent } = await optimizer.step()
    expect(spent.calls).toBe(1)
  }
  expect(word.value).toBe('better')
})

it('asks anew of the same feedback, and after a value was put back by hand', async () => {
  const { word, judge } = saying('steps.back', 'start')
  const words = ['worse', 'good', 'best']
  await using server = await chatServer((_body, call) =>
    suggest({ 'steps.back': words[call - 1] ?? 'start' }),
  )
  const optimizer = new OptoPrime([word], { client: server.client, model, memory: 0 })
  judge(optimizer)
  for (const expected of words) {
    await optimizer.step()
    expect(word.value).toBe(expected)
    word.update('start')
  }
})

it('does not take the answers of another optimizer over the same parameter', async () => {
  const { word, judge } = saying('steps.shared', 'start')
  await using server = await chatServer(() => suggest({}))
  const options = { client: server.client, model }
  const both = [new OptoPrime([word], options), new OptoPrime([word], options)]
  for (const optimizer of both) {
    judge(optimizer)
    await optimizer.step()
  }
  expect(server.bodies).toHaveLength(2)
})

it('goes on where a step was stopped, without paying twice', async () => {
  const { word, judge } = saying('steps.stopped', 'start')
  await using server = await chatServer(() => suggest({ 'steps.stopped': 5 }))
  const strategy = optoPrime({ reasks: 2 })
  const optimizer = liveOptimizer([word], strategy, { client: server.client, model, maxCalls: 2 })
  judge(optimizer)
  await expect(optimizer.step()).rejects.toMatchObject({ code: 'T2_BUDGET_SPENT' })
  await expect(optimizer.step()).rejects.toMatchObject({ code: 'T2_MODEL_ANSWER' })
  expect(server.bodies).toHaveLength(3)
})

const scores: Readonly<Record<string, number>> = { good: 0.9, better: 0.95, bad: 0.3 }

it('puts a value in force only where the evaluator scores it higher, and shows what it scored', async () => {
  const { word, judge } = saying('steps.evaluated', 'good')
  const answers = ['bad', 'better', 'good']
  await using server = await chatServer((_body, call) =>
    suggest({ 'steps.evaluated': answers[call - 1] ?? '' }),
  )
  const inForce: string[] = []
  const evaluate = (values: ReadonlyMap<string, unknown>) => {
    inForce.push(word.value)
    expect([...values]).toEqual([['steps.evaluated', word.value]])
    return scores[word.value] ?? 0
  }
  const optimizer = new OptoPrime([word], { client: server.client, model, evaluate })
  const seen: [string, unknown, number][] = []
  for (const _answer of answers) {
    judge(optimizer, scores[word.value])
    const { trial, applied } = await optimizer.step()
    seen.push([word.value, trial, applied.length])
  }
  expect(seen).toEqual([
    ['good', { present: 0.9, proposed: 0.3 }, 0],
    ['better', { present: 0.9, proposed: 0.95 }, 1],
    ['better', { present: 0.95, proposed: 0.9 }, 0],
  ])
  expect(inForce).toEqual(['good', 'bad', 'good', 'better', 'better', 'good'])
  const rejected = await store.proposals({ status: 'rejected', parameter: 'steps.evaluated' })
  expect(rejected.map(({ value }) => value).sort()).toEqual(['bad', 'good'])
  expect(server.bodies[1]?.messages.at(-1)?.content).toContain(
    'It scored 0.3 where the value in force scored 0.9.',
  )
})

it('keeps the present value where the evaluator fails', async () => {
  const { word, judge } = saying('steps.failing', 'good')
  await using server = await chatServer(() => suggest({ 'steps.failing': 'bad' }))
  const evaluate = () => {
    if (word.value === 'bad') throw new Error('It broke.')
    return 0.1
  }
  const optimizer = new OptoPrime([word], { client: server.client, model, evaluate })
  judge(optimizer)
  await expect(optimizer.step()).rejects.toThrow('It broke.')
  expect(word.value).toBe('good')
})

it('never gets worse with candidates that are tried, whatever the model answers', async () => {
  const { word, judge } = saying('steps.tried', 3)
  let seed = 7
  await using server = await chatServer(() => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return suggest({ 'steps.tried': seed % 100 })
  })
  const evaluate = async (values: ReadonlyMap<string, unknown>) => Number(values.get('steps.tried'))
  const optimizer = liveOptimizer([word], candidates(optoPrime(), { count: 2, evaluate }), {
    client: server.client,
    model,
  })
  const inForce = [word.value]
  for (let step = 0; step < 10; step++) {
    judge(optimizer)
    await optimizer.step()
    inForce.push(word.value)
  }
  expect(inForce).toEqual(inForce.toSorted((a, b) => a - b))
  expect(word.value).toBeGreaterThan(3)
})

it('does not put a text in force that has lost a placeholder', async () => {
  const { word, judge } = saying('steps.held', 'Greet {name}.')
  await using server = await chatServer(() => suggest({ 'steps.held': 'Greet them.' }))
  const optimizer = new OptoPrime([word], { client: server.client, model })
  judge(optimizer)
  const { proposals, applied } = await optimizer.step()
  expect(server.bodies).toHaveLength(3)
  expect(server.bodies[1]?.messages.at(-1)?.content).toContain('it must keep {name}')
  expect(proposals).toMatchObject([{ marks: [{ kind: 'placeholders' }] }])
  expect(applied).toEqual([])
  expect(word.value).toBe('Greet {name}.')
})
