import {
  type Clause,
  clause,
  derived,
  type EdgeTerms,
  equal,
  given,
  has,
  isFalse,
  isNull,
  isTrue,
  long,
  type NodeTerm,
  oneOf,
  type Relation,
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
 * edge is found there by the text that one model's output and another one's input have in common.
 */
export const told = given('told', ['span', 'kind', 'input', 'output'])

/**
 * One row per span of a tool: its `name`, the id of the `call` that it executes, if it has one, and the JSON of its `input`, which
 * is `typed` as a model types it in a text. A `request` is the name and the arguments together. `turn` says the how manieth it is
 * of those of the trace with the same request, where there are several, and `beside` of those in the same span.
 */
export const done = given('done', [
  ...(['span', 'name', 'call', 'input', 'typed', 'request', 'turn', 'beside'] as const),
])

/**
 * One row per call of a tool in the output of a foreign model, with the call's id, or `''` where it has none. `request`, `turn`
 * and `beside` are as in `done`. It is asked `once` where no other call of the trace has the same request. An id is `shared` where calls with
 * other calls have it too: some programs count calls anew in each answer.
 */
export const asked = given('asked', [
  ...(['span', 'call', 'request', 'turn', 'beside', 'once', 'shared'] as const),
])

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
  { order: 'apart' },
)

/** Ids by which nobody can tell which call is meant. */
const ambiguous = derived(
  'ambiguous',
  ['call'],
  [
    clause({ one: asked }, ({ one }) => ({
      where: [isTrue(one.shared)],
      gives: { call: one.call },
    })),
  ],
)

/** A model that asked for the call whose id a tool's span has. The tool may run inside it. */
const identified = derived(
  'identified',
  ['producer', 'consumer', 'call'],
  [
    clause({ tool: done, asking: asked }, ({ tool, asking }) => ({
      where: [long(tool.call, 1), equal(asking.call, tool.call)],
      unless: has(ambiguous, { call: tool.call }),
      gives: { producer: asking.span, consumer: tool.span, call: asking.call },
    })),
  ],
)

/** The same by what is asked for, where no id says it: what only one call asks for, or only as many as tools run beside it. */
const matched = derived(
  'matched',
  ['producer', 'consumer', 'call'],
  [
    clause({ tool: done, asking: asked }, ({ tool, asking }) => ({
      where: [isTrue(asking.once), equal(asking.request, tool.request)],
      unless: has(identified, { consumer: tool.span }),
      gives: { producer: asking.span, consumer: tool.span, call: asking.call },
    })),
    clause({ tool: done, asking: asked }, ({ tool, asking }) => ({
      where: [isFalse(asking.once), equal(asking.beside, tool.beside)],
      unless: has(identified, { consumer: tool.span }),
      gives: { producer: asking.span, consumer: tool.span, call: asking.call },
    })),
  ],
  { order: 'in-turn' },
)

const askedFor = (relation: Relation<'producer' | 'consumer' | 'call'>) =>
  clause({ known: relation }, ({ known: { producer, consumer } }) => ({
    where: [],
    gives: { producer, consumer },
  }))

const found = derived('found', ['producer', 'consumer'], [identified, matched].map(askedFor))

/** The same of several calls with one request, anywhere in the trace, that as many tools execute one after the other. */
const ordered = derived(
  'ordered',
  ['producer', 'consumer', 'call'],
  [
    clause({ tool: done, asking: asked }, ({ tool, asking }) => ({
      where: [equal(asking.turn, tool.turn)],
      unless: has(found, { consumer: tool.span }),
      gives: { producer: asking.span, consumer: tool.span, call: asking.call },
    })),
  ],
  { order: 'in-turn' },
)

/** A model that asked for the call which a tool executes. */
const requested = derived(
  'requested',
  ['producer', 'consumer'],
  [identified, matched, ordered].map(askedFor),
)

/** The id by which others hear of the call that a tool executes. */
const executed = derived(
  'executed',
  ['span', 'call'],
  [
    clause({ tool: done }, ({ tool }) => ({
      where: [long(tool.call, 4)],
      unless: has(ambiguous, { call: tool.call }),
      gives: { span: tool.span, call: tool.call },
    })),
    // Calls of Gemini and others have no ids, and what a framework calls them then is on the tools' spans alone.
    ...[matched, ordered].map((relation) =>
      clause({ known: relation }, ({ known }) => ({
        where: [long(known.call, 4)],
        unless: has(ambiguous, { call: known.call }),
        gives: { span: known.consumer, call: known.call },
      })),
    ),
  ],
)

/** Tools of whose calls it is known who asked for them, or that several asked for the same. */
const settled = derived(
  'settled',
  ['tool'],
  [
    clause({ known: requested }, ({ known }) => ({ where: [], gives: { tool: known.consumer } })),
    clause({ tool: done, asking: asked }, ({ tool, asking }) => ({
      where: [equal(asking.request, tool.request)],
      gives: { tool: tool.span },
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
      gives: { producer: call.consumer, inside: call.producer },
    })),
  ],
)

/** A model that was told the result of a tool: it heard of the call by its id, or goes on with the conversation. */
const answered = derived(
  'answered',
  ['producer', 'consumer'],
  [
    clause({ tool: executed, model: told }, ({ tool, model }) => ({
      where: [equal(model.kind, text('llm')), within(tool.call, model.input)],
      gives: { producer: tool.span, consumer: model.span },
    })),
    // Where the id is lost on one side, the conversation itself says who reads the result.
    clause({ tool: executed, answer: continued }, ({ tool, answer }) => ({
      where: [long(answer.call, 4), equal(answer.call, tool.call)],
      gives: { producer: tool.span, consumer: answer.model },
    })),
  ],
  { order: 'two' },
)

/** A model that heard of a call which no span executes: what was answered is in its input. */
const heard = derived(
  'heard',
  ['producer', 'consumer'],
  [
    clause({ call: asked, model: told }, ({ call, model }) => ({
      where: [
        long(call.call, 4),
        isFalse(call.shared),
        equal(model.kind, text('llm')),
        within(call.call, model.input),
      ],
      unless: has(executed, { call: call.call }),
      gives: { producer: call.span, consumer: model.span },
    })),
  ],
  { order: 'two' },
)

/** Words that a consumer has for a reason that is known. That another tool said the same is chance. */
const explained = derived(
  'explained',
  ['words', 'consumer'],
  [
    clause({ said: spoken, known: answered }, ({ said, known }) => ({
      where: [equal(said.span, known.producer)],
      gives: { words: said.words, consumer: known.consumer },
    })),
  ],
)

/**
 * Texts that passed from span to span: a producer's words in a consumer's input, or the arguments of a call. An id that one call
 * alone has proves more than clocks do; texts may be equal by chance.
 */
const passed = derived(
  'passed',
  ['producer', 'consumer', 'role'],
  [
    clause({ said: spoken, heard: told }, ({ said, heard }) => ({
      where: [long(said.words, 8), within(said.words, heard.input)],
      unless: has(explained, { words: said.words, consumer: heard.span }),
      gives: { producer: said.span, consumer: heard.span, role: text('input') },
    })),
    clause({ answer: continued }, ({ answer }) => ({
      where: [],
      unless: has(done, { request: answer.request }),
      gives: { producer: answer.span, consumer: answer.model, role: text('input') },
    })),
    // Where what a model asks for was not recorded as calls, its words have the id.
    clause({ tool: executed, model: told }, ({ tool, model }) => ({
      where: [equal(model.kind, text('llm')), within(tool.call, model.output)],
      unless: has(settled, { tool: tool.span }),
      gives: { producer: model.span, consumer: tool.span, role: text('arguments') },
    })),
    // Where nobody keeps call ids, by the name and the arguments.
    clause({ tool: done, model: told }, ({ tool, model }) => ({
      where: [
        isNull(tool.call),
        long(tool.input, 8),
        equal(model.kind, text('llm')),
        within(tool.input, model.output),
        within(tool.name, model.output),
      ],
      unless: has(settled, { tool: tool.span }),
      gives: { producer: model.span, consumer: tool.span, role: text('arguments') },
    })),
    // A model that was asked to write its calls into its text types them there.
    clause({ tool: done, model: told }, ({ tool, model }) => ({
      where: [
        isNull(tool.call),
        long(tool.typed, 8),
        equal(model.kind, text('llm')),
        within(tool.typed, model.output),
        within(tool.name, model.output),
      ],
      unless: has(settled, { tool: tool.span }),
      gives: { producer: model.span, consumer: tool.span, role: text('arguments') },
    })),
  ],
  { order: 'apart' },
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
      from: here(call.producer),
      to: here(call.consumer),
      role: text('arguments'),
      pointer: whole,
      how: text('text'),
    },
  })),
  ...[answered, heard].map((relation) =>
    clause({ known: relation }, ({ known }) => ({
      where: [],
      gives: {
        from: here(known.producer),
        to: here(known.consumer),
        role: text('input'),
        pointer: whole,
        how: text('text'),
      },
    })),
  ),
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
