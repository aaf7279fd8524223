/** What is read of a foreign span, each from the first of several keys that has it. */
export type Field =
  | 'input'
  | 'output'
  /** System instructions that are kept apart from the other messages. */
  | 'system'
  | 'tools'
  /** What a model is told of the tool that a span executes. */
  | 'toolDescription'
  | 'template'
  | 'variables'
  /** Name that the program itself gives the prompt. */
  | 'promptName'
  /** Name of the agent or of the call, which names a prompt that has no name of its own. */
  | 'caller'
  | 'model'
  | 'provider'
  | 'inputTokens'
  | 'outputTokens'
  /** Tokens that came out of a cache, and such as were put into one. */
  | 'cacheReadTokens'
  | 'cacheWriteTokens'
  /** Tokens of the answer that the model only thought. */
  | 'reasoningTokens'
  /** All tokens of a call together: they tell which numbers are parts of others. */
  | 'totalTokens'
  | 'costUsd'
  | 'session'
  /** The person for whom the program works. */
  | 'user'
  | 'callId'
  /** Id of what a model's provider answered with: spans with the same one tell of one request. */
  | 'responseId'

/**
 * A convention that foreign spans are written in. A key is one of
 *
 * - `a.b`: the attribute of that name;
 * - `a.b#/c/0`: a part of the JSON that the attribute holds, by JSON pointer;
 * - `a.b.*`: all attributes under the prefix, put together;
 * - `a.b.{c,d}`: the attributes `a.b.c` and `a.b.d`, put together;
 * - `a.b.#`: those with an index after the prefix, as a list (`a.b.0.c` is member `c` of the first item), or else `a.b` as it is.
 */
export interface Dialect {
  readonly name: string
  /**
   * A span is of this dialect if it has an attribute of one of these names, or under one that ends in `*`; of a name that others
   * use as well, if it has this value (`name=value`).
   */
  readonly marks: readonly string[]
  /** Keys that hold the kind of operation. */
  readonly kind: readonly string[]
  /** What their values are called here; others are taken over in lower case. */
  readonly kinds: Readonly<Record<string, string>>
  /**
   * Kinds by how a value of those keys ends, where it is the name of a class. A span that says what it gave is of the kind only if
   * there is something under `gives` in it.
   */
  readonly endings?: readonly {
    readonly ending: string
    readonly kind: string
    readonly gives: string
  }[]
  /**
   * Kinds of spans by the names that this dialect alone gives to spans, where none of the keys says the kind. A span without any
   * mark is of the dialect that has its name here.
   */
  readonly names?: Readonly<Record<string, string>>
  /** Attributes whose presence says the kind where nothing else does, in order; one that ends in `*` is a prefix. */
  readonly implied: readonly (readonly [attribute: string, kind: string])[]
  /** Keys of an operator name that is more stable than the span's, by kind. */
  readonly op: Readonly<Record<string, readonly string[]>>
  readonly fields: Readonly<Partial<Record<Field, readonly string[]>>>
  /** Whether programs give the spans of their calls of models a name: that of the function which makes the call, mostly. */
  readonly namesCalls?: true
  /** Keys of the name that spans of models have, which is the model's. */
  readonly modelName?: readonly string[]
  /** Keys that mean something only on spans of this dialect: their names say too little. */
  readonly own?: Readonly<Partial<Record<Field, readonly string[]>>>
  /** The same of an operator's name, by kind. */
  readonly ownOp?: Readonly<Record<string, readonly string[]>>
  /**
   * Keys of cached and of reasoning tokens that are no part of the input's and the output's tokens here, but to be added to them.
   * Default: they are a part.
   */
  readonly apart?: readonly string[]
}
