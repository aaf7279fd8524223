import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answer } from '../answer.ts'
import { follow, readTask } from '../follow/follow.ts'
import { parseChatRequest } from '../protocol/chat-request.ts'
import { dataElements } from './elements.ts'
import { improve } from './improve.ts'
import { readOptimizerPrompt } from './prompt.ts'

interface Sketch {
  readonly variables: Record<
    string,
    { type: string; value: string; constraint?: string; schema?: object }
  >
  readonly runs?: readonly {
    input: string
    output: string
    feedback: string
    name?: string
    score?: number
  }[]
}

/** An optimizer request in the documented form. */
function request({ variables, runs = [] }: Sketch) {
  const element = (tag: string, attributes: string, content: string) =>
    `<${tag} ${attributes} fence="k3f9a2">\n${content}\n</${tag} fence="k3f9a2">`
  const listed = Object.entries(variables).map(
    ([name, { type, value, constraint = '' }]) =>
      `${element('variable', `name="${name}" type="${type}"`, value)}\n${element('constraint', `name="${name}"`, constraint)}`,
  )
  const each = (write: (run: NonNullable<Sketch['runs']>[number], id: number) => string) =>
    runs.map((run, i) => write(run, i + 1)).join('\n')
  const content = [
    '# Instruction\nImprove the variables.',
    `# Variables\n${listed.join('\n')}`,
    `# Inputs\n${each(({ input }, id) => element('input', `run="${id}" role="text"`, input))}`,
    `# Outputs\n${each(({ output }, id) => element('output', `run="${id}"`, output))}`,
    `# Feedback\n${each(({ feedback, name = 'quality', score = 0 }, id) => element('feedback', `run="${id}" name="${name}" score="${score}"`, feedback))}`,
  ].join('\n\n')
  const properties = Object.fromEntries(
    Object.entries(variables).map(([name, { schema }]) => [name, schema ?? { type: 'string' }]),
  )
  return parseChatRequest({
    model: 'simulated-small',
    messages: [{ role: 'user', content }],
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'suggestion',
        schema: {
          type: 'object',
          properties: {
            reasoning: { type: 'string' },
            suggestion: { type: 'object', properties },
          },
        },
      },
    },
  })
}

function suggestionFor(sketch: Sketch) {
  const problem = readOptimizerPrompt(request(sketch))
  if (!problem) throw new Error('not recognized')
  return improve(problem).suggestion
}

const classify = {
  type: 'string',
  value: 'Classify the ticket. Answer with one of: refund, shipping, other.',
}

test('grounds that reviewers quote become rules that the follower obeys', () => {
  const { 'triage.classify': prompt } = suggestionFor({
    variables: { 'triage.classify': classify },
    runs: [
      {
        input: 'I want my money back',
        output: 'other',
        feedback: 'Should be "refund": they ask for their "money back".',
      },
      {
        input: 'Still waiting for the courier',
        output: 'other',
        feedback: 'Should have been "shipping", see "courier".',
      },
    ],
  })
  const answer = (text: string) =>
    follow(
      readTask(
        [
          { role: 'system', content: String(prompt) },
          { role: 'user', content: text },
        ],
        3,
      ),
      'text',
    )
  expect(prompt).toContain(classify.value)
  expect(answer('Please give me the money back')).toBe('refund')
  expect(answer('The courier never came')).toBe('shipping')
})

test('without quoted grounds it looks for the words that tell the answers apart', () => {
  const { p } = suggestionFor({
    variables: { p: classify },
    runs: [
      { input: 'the parcel is lost', output: 'other', feedback: 'Expected "shipping".' },
      { input: 'my parcel is late', output: 'refund', feedback: 'Expected "shipping".' },
      { input: 'give me the cash for the lamp', output: 'other', feedback: 'Expected "refund".' },
    ],
  })
  expect(p).toMatch(/mentions "parcel", answer "shipping"/)
})

test('a ground that other runs contradict is no rule', () => {
  const { p } = suggestionFor({
    variables: { p: classify },
    runs: [
      { input: 'order broken', output: 'other', feedback: 'Should be "refund": "order".' },
      { input: 'order late', output: 'shipping', feedback: 'Correct.', score: 1 },
      { input: 'order lost', output: 'shipping', feedback: 'Correct.', score: 1 },
    ],
  })
  expect(p).not.toMatch(/"order"/)
})

test('a rule that is there is extended, not repeated', () => {
  const value = `${classify.value}\n- If the ticket mentions "cash", answer "refund".`
  const { p } = suggestionFor({
    variables: { p: { type: 'string', value } },
    runs: [
      { input: 'reimburse me', output: 'other', feedback: 'Should be "refund" ("reimburse").' },
    ],
  })
  expect(p).toBe(
    `${classify.value}\n- If the ticket mentions "cash" or "reimburse", answer "refund".`,
  )
})

test('each remark goes to the variable it concerns, and the others stay as they are', () => {
  const suggestion = suggestionFor({
    variables: {
      'desk.classify': { ...classify, constraint: 'How tickets are classified by category.' },
      'desk.reply': {
        type: 'string',
        value: 'Write a reply to the customer.',
        constraint: 'How replies are written.',
      },
      'desk.refund_limit': {
        type: 'number',
        value: '20',
        schema: { type: 'number', minimum: 0, maximum: 500 },
      },
    },
    runs: [
      {
        input: 'x',
        output: 'Hello.',
        name: 'reply',
        feedback: 'The reply must include the order number.',
      },
      {
        input: 'x',
        output: 'ask',
        name: 'decision',
        feedback: 'The refund limit is too low: 45 should have been paid at once.',
      },
    ],
  })
  expect(suggestion).toEqual({
    'desk.reply': 'Write a reply to the customer.\n- Include the order number.',
    'desk.refund_limit': 45,
  })
})

test('what went straight into the value judged is concerned first, and one remark may cover many runs', () => {
  const content = `# Code
first1 = first(prompt=a)
second1 = second(prompt=b, text=first1)
# Variables
<variable name="a" type="string" fence="k00001">
Write.
</variable fence="k00001">
<variable name="b" type="string" fence="k00001">
Write.
</variable fence="k00001">
# Outputs
<output run="1-2,4" name="second1" fence="k00001">
Hello.
</output fence="k00001">
# Feedback
<feedback run="1-2,4" name="quality" on="second1" fence="k00001">
It must include the order number.
</feedback fence="k00001">`
  const problem = readOptimizerPrompt(
    parseChatRequest({ model: 'simulated-small', messages: [{ role: 'user', content }] }),
  )
  expect(problem?.remarks.map(({ run }) => run)).toEqual(['1', '2', '4'])
  expect(problem && improve(problem).suggestion).toEqual({
    b: 'Write.\n- Include the order number.',
  })
})

test('a demand that is in the prompt already is not added again, and a limit is tightened', () => {
  const { p } = suggestionFor({
    variables: {
      p: { type: 'string', value: 'Reply.\n- Include the order number.\n- Use at most 80 words.' },
    },
    runs: [
      { input: '', output: '', feedback: 'It does not include the order number.' },
      { input: '', output: '', feedback: 'It should use at most 50 words.' },
    ],
  })
  expect(p).toBe('Reply.\n- Include the order number.\n- Use at most 50 words.')
})

test('lines that would break the constraint of a prompt are left out', () => {
  const suggestion = suggestionFor({
    variables: { p: { type: 'string', value: 'Reply.', constraint: 'At most 4 words.' } },
    runs: [
      { input: '', output: '', feedback: 'It must include the order number of the customer.' },
    ],
  })
  expect(suggestion).toEqual({})
})

test.each([
  ['up to what should have passed', 'Too low: 45 should pass.', 45],
  ['just below what should not', 'Too high: 10 is wrong.', 9.5],
  ['a tenth of the range without a figure', 'The value is too low.', 30],
  ['further where the words say so', 'The value is far too low.', 45],
  ['a little where the words say so', 'The value is slightly too high.', 17.5],
  ['never beyond the schema', 'Too low, raise it to 900.', 100],
])('a number moves %s', (_, feedback, expected) => {
  const { limit } = suggestionFor({
    variables: {
      limit: { type: 'number', value: '20', schema: { type: 'number', minimum: 0, maximum: 100 } },
    },
    runs: [{ input: '', output: '', feedback }],
  })
  expect(limit).toBe(expected)
})

test('bounds from both sides are met in the middle', () => {
  const { limit } = suggestionFor({
    variables: { limit: { type: 'number', value: '20' } },
    runs: [
      { input: '', output: '', feedback: 'The limit is too low for 60.' },
      { input: '', output: '', feedback: 'The limit is too high for 100.' },
    ],
  })
  expect(limit).toBeGreaterThanOrEqual(60)
  expect(limit).toBeLessThan(100)
})

const code = (value: string, feedback: string, input = 'user request') =>
  String(
    suggestionFor({
      variables: { f: { type: 'code', value } },
      runs: [{ input, output: '', feedback }],
    }).f,
  )

test('a code variable becomes more concise and professional, its signature kept', () => {
  const source = `function agentFunction(input) { /** This can be optimized. */ return 'Process: ' + input }`
  const better = code(source, 'Make it more concise and professional')
  expect(better).toMatch(/^function agentFunction\(input\) \{/)
  const run: unknown = new Function(`return (${better})('user request')`)()
  expect(run).toBe('User request.')
})

test('the access that an exception names is guarded', () => {
  const better = code(
    'function name(user) { return user.profile.nick.trim() }',
    "TypeError: Cannot read properties of undefined (reading 'nick')",
  )
  expect(new Function(`return (${better})({})`)()).toBe('')
  expect(new Function(`return (${better})({ profile: { nick: ' A ' } })`)()).toBe('A')
})

test('an exception that another engine words differently is understood as well', () => {
  const better = code(
    '(user) => user.name.length',
    "TypeError: cannot read property 'length' of undefined",
  )
  expect(new Function(`return (${better})({})`)()).toBe('')
})

test('demanded text is put around what is returned', () => {
  const better = code('(name) => name', 'The result must start with "Dear ".')
  expect(new Function(`return (${better})('Ada')`)()).toBe('Dear Ada')
})

test('an enum takes the value that was expected', () => {
  const suggestion = suggestionFor({
    variables: { mode: { type: 'string', value: 'fast', schema: { enum: ['fast', 'careful'] } } },
    runs: [{ input: '', output: '', feedback: 'The mode should be "careful".' }],
  })
  expect(suggestion).toEqual({ mode: 'careful' })
})

test('text that only looks like an element with another fence stays data', () => {
  const { p } = suggestionFor({
    variables: {
      p: { type: 'string', value: 'Reply.\n</variable fence="other">\nstill the value' },
    },
    runs: [{ input: '', output: '', feedback: 'It must include the order number.' }],
  })
  expect(p).toMatch(/still the value\n- Include the order number\.$/)
})

test('a request without the schema or the headings is no optimizer request', () => {
  const chat = parseChatRequest({
    model: 'simulated-small',
    messages: [{ role: 'user', content: 'What are variables? And feedback?' }],
  })
  expect(readOptimizerPrompt(chat)).toBeUndefined()
})

test('what the optimizer writes, the follower reads: every correction holds afterwards', () => {
  const word = fc.stringMatching(/^[b-df-hj-np-tv-z][aiou][b-df-hj-np-tv-z]{3,5}$/)
  const corrections = fc.uniqueArray(word, { minLength: 1, maxLength: 8 }).chain((cues) =>
    fc.tuple(
      ...cues.map((cue) =>
        fc.record({
          cue: fc.constant(cue),
          label: fc.constantFrom('refund', 'shipping', 'other'),
        }),
      ),
    ),
  )
  fc.assert(
    fc.property(corrections, fc.nat(), (given, seed) => {
      const { p } = suggestionFor({
        variables: { p: classify },
        runs: given.map(({ cue, label }) => ({
          input: `well ${cue} so`,
          output: '',
          feedback: `Should be "${label}": it says "${cue}".`,
        })),
      })
      for (const { cue, label } of given) {
        const messages = [
          { role: 'system', content: String(p) },
          { role: 'user', content: `and ${cue} again` },
        ] as const
        expect(follow(readTask(messages, seed), 'text')).toBe(label)
      }
    }),
  )
})

test('an answer that is asked for in elements is given in them, whatever the values hold', () => {
  const fence = 'k3f9a2'
  const content = `# Instruction
Answer in elements like those of the prompt: first <reasoning fence="${fence}"> and so on.
# Variables
<variable name="a.text" type="string" fence="${fence}">
Reply "kindly".
</variable fence="${fence}">
<variable name="a.limit" type="number" fence="${fence}">
5
</variable fence="${fence}">
# Inputs
<input run="1" role="text" fence="${fence}">
Hello
</input fence="${fence}">
# Feedback
<feedback run="1" name="quality" score="0" fence="${fence}">
The answer must end with "Yours".
</feedback fence="${fence}">
`
  const asked = parseChatRequest({
    model: 'simulated-small',
    messages: [{ role: 'user', content }],
  })
  const text = answer(asked, 1).content ?? ''
  expect(dataElements(text).map(({ tag }) => tag)).toEqual(['reasoning', 'variable'])
  expect(dataElements(text)[1]?.content).toBe('Reply "kindly".\n- End with "Yours".')
})
