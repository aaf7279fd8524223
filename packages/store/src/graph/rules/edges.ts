import {
  type Clause,
  clause,
  derived,
  type EdgeTerms,
  equal,
  given,
  has,
  isNull,
  isTrue,
  long,
  type NodeTerm,
  oneOf,
  type Term,
  text,
  thisTrace,
  within,
} from './language.ts'

/**
 * The rules of the graph's edges, in one place: the graph that is read evaluates them in memory, the view `v_edge` is a
 * query written from them.
 */

/** One row per span of an operator: its id, the id of the span around it, and the hash of its output. */
export const op = given('op', ['span', 'parent', 'hash'])

/**
 * What spans recorded of their inputs. `a` and `b` tell the origin apart: trace and span, name and version, or the hash
 * of a value. Of a `distinctive` value, equality with another one means something.
 */
export const input = given('input', [
  'span',
  'role',
  'origin',
  'how',
  'pointer',
  'a',
  'b',
  'distinctive',
])

/**
 * One row per span, with the JSON of its input and of its output. Only spans of foreign instrumentations have these texts: an
 * edge is found there by the text that one model's output and another one's input have in common. `typed` is the input of a tool
 * as a model types it in a text.
 */
export const told = given('told', ['span', 'kind', 'call', 'request', 'typed', 'input', 'output'])

/**
 * One row per call of a tool in the output of a foreign model, with the call's id, or `''` where it has none. `request` is the tool's name and the JSON of
 * the arguments, as `told` has them of a tool's span. It is asked `once` where no other call of the trace has the same.
 */
export const asked = given('asked', ['span', 'call', 'request', 'once'])

/**
 * One row per call of a tool that a foreign `model` was told the result of though no id says so: its messages are those of the
 * `span` that asked for the call, then that one's answer, then results. `call` and `request` are those of `asked`.
 */
export const continued = given('continued', ['span', 'call', 'request', 'model'])

/** One row per text in the output of a foreign span, written as it would stand inside another span's JSON. */
export const spoken = given('spoken', ['span', 'words'])

/** An external input equals an operator's output. What runs inside one another shares values without passing them on. */
const hashed = derived(
  'hashed',
  ['producer', 'consumer', 'role'],
  [
    clause({ given: input, made: op }, ({ given, made }) => ({
      where: [
        equal(given.origin, text('value')),
        isTrue(given.distinctive),
        equal(made.hash, given.a),
      ],
      gives: { producer: made.span, consumer: given.span, role: given.role },
    })),
  ],
  { apart: true },
)

/** The call that a tool's span executes: by its id, or by what only one call asks for. */
const executed = derived(
  'executed',
  ['span', 'call'],
  [
    clause({ tool: told }, ({ tool }) => ({
      where: [equal(tool.kind, text('tool')), long(tool.call, 4)],
      gives: { span: tool.span, call: tool.call },
    })),
    clause({ tool: told, call: asked }, ({ tool, call }) => ({
      where: [
        equal(tool.kind, text('tool')),
        isNull(tool.call),
        long(call.call, 4),
        isTrue(call.once),
        equal(call.request, tool.request),
      ],
      gives: { span: tool.span, call: call.call },
    })),
  ],
)

/** A model that asked for the call which a tool executes. The tool may run inside it. */
const requested = derived(
  'requested',
  ['model', 'tool'],
  [
    clause({ tool: executed, call: asked }, ({ tool, call }) => ({
      where: [equal(call.call, tool.call)],
      gives: { model: call.span, tool: tool.span },
    })),
    // Gemini's calls have no ids. What a framework calls them then is on the tools' spans alone.
    clause({ tool: told, call: asked }, ({ tool, call }) => ({
      where: [
        equal(tool.kind, text('tool')),
        equal(call.call, text('')),
        isTrue(call.once),
        equal(call.request, tool.request),
      ],
      gives: { model: call.span, tool: tool.span },
    })),
  ],
)

/**
 * A span's output is recorded to have been used by another span, or by one inside that. What another trace did with it,
 * whose spans may be numbered alike, says nothing of this one.
 */
const used = derived(
  'used',
  ['producer', 'inside'],
  [
    clause({ use: input }, ({ use }) => ({
      where: [equal(use.origin, text('span')), equal(use.a, thisTrace)],
      gives: { producer: use.b, inside: use.span },
    })),
    clause({ use: input, user: op }, ({ use, user }) => ({
      where: [equal(use.origin, text('span')), equal(use.a, thisTrace), equal(user.span, use.span)],
      gives: { producer: use.b, inside: user.parent },
    })),
    // The result of a tool that runs inside the model which asked for it comes after what that one said.
    clause({ call: requested }, ({ call }) => ({
      where: [],
      gives: { producer: call.tool, inside: call.model },
    })),
  ],
)

/** Texts that passed from span to span: a producer's words in a consumer's input, a tool call's id, or its arguments. */
const passed = derived(
  'passed',
  ['producer', 'consumer', 'role'],
  [
    clause({ said: spoken, heard: told }, ({ said, heard }) => ({
      where: [long(said.words, 8), within(said.words, heard.input)],
      gives: { producer: said.span, consumer: heard.span, role: text('input') },
    })),
    clause({ tool: executed, model: told }, ({ tool, model }) => ({
      where: [equal(model.kind, text('llm')), within(tool.call, model.input)],
      gives: { producer: tool.span, consumer: model.span, role: text('input') },
    })),
    // A model hears of a call that no span executes: what was answered is in its input.
    clause({ call: asked, model: told }, ({ call, model }) => ({
      where: [long(call.call, 4), equal(model.kind, text('llm')), within(call.call, model.input)],
      unless: has(executed, { call: call.call }),
      gives: { producer: call.span, consumer: model.span, role: text('input') },
    })),
    // Where the id is lost on one side, the conversation itself says who reads the result.
    clause({ tool: executed, answer: continued }, ({ tool, answer }) => ({
      where: [long(answer.call, 4), equal(answer.call, tool.call)],
      gives: { producer: tool.span, consumer: answer.model, role: text('input') },
    })),
    clause({ answer: continued }, ({ answer }) => ({
      where: [],
      unless: has(told, { request: answer.request }),
      gives: { producer: answer.span, consumer: answer.model, role: text('input') },
    })),
    clause({ tool: told, model: told }, ({ tool, model }) => ({
      where: [
        equal(tool.kind, text('tool')),
        long(tool.call, 4),
        equal(model.kind, text('llm')),
        within(tool.call, model.output),
      ],
      unless: has(requested, { model: model.span, tool: tool.span }),
      gives: { producer: model.span, consumer: tool.span, role: text('arguments') },
    })),
    // Where nobody keeps call ids, by the arguments.
    clause({ tool: told, model: told }, ({ tool, model }) => ({
      where: [
        equal(tool.kind, text('tool')),
        isNull(tool.call),
        long(tool.input, 8),
        equal(model.kind, text('llm')),
        within(tool.input, model.output),
      ],
      unless: has(requested, { model: model.span, tool: tool.span }),
      gives: { producer: model.span, consumer: tool.span, role: text('arguments') },
    })),
    // A model that was asked to write its calls into its text types them there.
    clause({ tool: told, model: told }, ({ tool, model }) => ({
      where: [
        equal(tool.kind, text('tool')),
        isNull(tool.call),
        long(tool.typed, 8),
        equal(model.kind, text('llm')),
        within(tool.typed, model.output),
      ],
      unless: has(requested, { model: model.span, tool: tool.span }),
      gives: { producer: model.span, consumer: tool.span, role: text('arguments') },
    })),
  ],
  { apart: true },
)

const here = (span: Term): NodeTerm => ({ sort: 'span', a: thisTrace, b: span })
const whole = text('')

export const edgeRules: readonly Clause<EdgeTerms>[] = [
  clause({ use: input }, ({ use }) => ({
    where: [oneOf(use.origin, ['span', 'link'])],
    gives: { ...use, from: { sort: 'span', a: use.a, b: use.b }, to: here(use.span) },
  })),
  clause({ use: input }, ({ use }) => ({
    where: [equal(use.origin, text('parameter'))],
    gives: { ...use, from: { sort: 'parameter', a: use.a, b: use.b }, to: here(use.span) },
  })),
  clause({ use: input }, ({ use }) => ({
    where: [equal(use.origin, text('value'))],
    unless: has(hashed, { consumer: use.span, role: use.role }),
    gives: { ...use, from: { sort: 'value', a: use.a, b: undefined }, to: here(use.span) },
  })),
  clause({ equals: hashed }, ({ equals }) => ({
    where: [],
    gives: {
      from: here(equals.producer),
      to: here(equals.consumer),
      role: equals.role,
      pointer: whole,
      how: text('hash'),
    },
  })),
  // An operator inside another one, where neither that one nor a sibling recorded a use of its result.
  clause({ inner: op, outer: op }, ({ inner, outer }) => ({
    where: [equal(outer.span, inner.parent)],
    unless: has(used, { producer: inner.span, inside: outer.span }),
    gives: {
      from: here(inner.span),
      to: here(outer.span),
      role: text('contains'),
      pointer: whole,
      how: text('contains'),
    },
  })),
  clause({ call: requested }, ({ call }) => ({
    where: [],
    gives: {
      from: here(call.model),
      to: here(call.tool),
      role: text('arguments'),
      pointer: whole,
      how: text('text'),
    },
  })),
  clause({ words: passed }, ({ words }) => ({
    where: [],
    gives: {
      from: here(words.producer),
      to: here(words.consumer),
      role: words.role,
      pointer: whole,
      how: text('text'),
    },
  })),
]
