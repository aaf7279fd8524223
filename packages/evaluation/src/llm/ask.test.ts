import { describe, expect, it } from 'vitest'
import { jsonRequest, withModel } from '../testing/llm.ts'
import { ask, type Read } from './ask.ts'
import { asJson } from './json-answer.ts'

const doubtful = asJson(
  (json): Read<unknown> => ({
    ok: true,
    value: json,
    doubt: typeof json === 'object' && json !== null && 'sure' in json ? undefined : 'it is unsure',
  }),
)

it.each([
  ['with the doubt, until there is none', ['{"n":1}', '{"n":2,"sure":true}'], { n: 2, sure: true }],
  ['and the last will do', ['{"n":1}', '{"n":2}', '{"n":3}'], { n: 3 }],
  ['and one that was doubtful is better than none', ['{"n":1}', 'No.', 'No.'], { n: 1 }],
])('an answer that is doubtful is asked for again, %s', async (_case, answers, expected) => {
  await using model = await withModel((_body, call) => answers[call - 1] ?? '')
  const { value, calls } = await ask(model.llm, 'test', jsonRequest, doubtful)
  expect(value).toEqual(expected)
  expect(calls).toHaveLength(answers.length)
  expect(model.server.bodies[1]?.messages.at(-1)?.content).toContain('it is unsure')
})

it('what had no valid answer is asked anew, and not of the store', async () => {
  const answers = ['No.', 'No.', 'No.', '{"sure":true}']
  await using model = await withModel((_body, call) => answers[call - 1] ?? '')
  const failed = ask(model.llm, 'test', jsonRequest, doubtful)
  await expect(failed).rejects.toMatchObject({ code: 'T2_MODEL_ANSWER' })
  expect(await ask(model.llm, 'test', jsonRequest, doubtful)).toMatchObject({
    value: { sure: true },
  })
  expect(model.server.bodies[3]?.messages).toEqual(model.server.bodies[0]?.messages)
})

it.each(['it is no list', 'it is no list.', 'it is no list. \n'])(
  'what is wrong with an answer is said in a sentence: %j',
  async (fault) => {
    await using model = await withModel(() => 'No.')
    const asked = ask(model.llm, 'test', jsonRequest, () => ({ ok: false, fault }), 1)
    await expect(asked).rejects.toThrow(/The last fault: it is no list\.$/)
    const again = model.server.bodies[1]?.messages.at(-1)?.content
    expect(again).toMatch(/^This answer cannot be used: it is no list\. Answer again/)
  },
)

describe('an invalid answer', () => {
  const read = asJson(
    (json): Read<number> =>
      typeof json === 'object' && json !== null && 'n' in json && typeof json.n === 'number'
        ? { ok: true, value: json.n }
        : { ok: false, fault: 'it has no number n' },
  )

  it('is asked for again with what was wrong', async () => {
    await using model = await withModel((_body, call) =>
      call === 1 ? '{"n":"x"}' : 'So: ```json\n{"n":7}\n```',
    )
    const { value, calls } = await ask(model.llm, 'test', jsonRequest, read)
    expect(value).toBe(7)
    expect(calls).toHaveLength(2)
    expect(model.server.bodies[1]?.messages.map(({ content }) => content)).toEqual([
      'Hello',
      '{"n":"x"}',
      expect.stringContaining('it has no number n'),
    ])
  })

  it.each([
    'Well.\n{"n":7}\nThat is {it}.',
    '<think>Perhaps {n: 1}, or\n```json\n{"n":"x"}\n```\n</think>\n{"n":7}',
    '<think>First "quoted" and { unclosed.</think>\n```json\n{"n":7}\n```',
    '{"n":1}\nNo, wait: {"n":7}',
  ])('is none that has words around it: %j', async (text) => {
    await using model = await withModel(text)
    expect((await ask(model.llm, 'test', jsonRequest, read, 0)).value).toBe(7)
  })

  it('of nothing but braces is soon given up', () => {
    expect(read('{'.repeat(100_000))).toMatchObject({ ok: false })
  })

  it('is repeated in short: what was asked may have filled the prompt', async () => {
    await using model = await withModel((_body, call) =>
      call === 1 ? `{"n":"${'x'.repeat(90_000)}"}` : '{"n":7}',
    )
    await ask(model.llm, 'test', jsonRequest, read)
    const [, answer] = model.server.bodies[1]?.messages ?? []
    expect(answer?.content).toMatch(/^{"n":"x+\n\[…\]\nx+"}$/)
    expect(answer?.content.length).toBeLessThan(2100)
  })

  it('is given up after a fixed number of times, with the raw answers kept', async () => {
    await using model = await withModel('TERMINATE')
    await expect(ask(model.llm, 'test', jsonRequest, read)).rejects.toMatchObject({
      code: 'T2_MODEL_ANSWER',
    })
    expect(model.server.bodies).toHaveLength(3)
    const { rows } = await model.store.sql(
      'SELECT status, error, response FROM v_llm_call ORDER BY ALL',
    )
    const kept = expect.stringContaining('TERMINATE')
    expect(rows).toEqual([
      ['failed', 'it is not a JSON object', kept],
      ['failed', 'it is not a JSON object', kept],
      ['failed', 'it is not a JSON object', kept],
    ])
    // Started again, it asks the model: what it said before would lead to the same.
    await expect(ask(model.llm, 'test', jsonRequest, read)).rejects.toMatchObject({
      code: 'T2_MODEL_ANSWER',
    })
    expect(model.server.bodies).toHaveLength(6)
  })

  it('includes one that was cut off', async () => {
    await using model = await withModel({ text: '{"n":1}', finishReason: 'length' })
    await expect(ask(model.llm, 'test', jsonRequest, read, 0)).rejects.toMatchObject({
      code: 'T2_MODEL_CUT_OFF',
      message: expect.stringContaining('cut off'),
    })
  })
})
