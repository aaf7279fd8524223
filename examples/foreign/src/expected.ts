import type { Exchange, ToolCall } from '../model/server.mjs'

/** What a program did, known from what the model was asked. */
export interface Expected {
  readonly modelCalls: number
  /** Different system prompts. */
  readonly prompts: readonly string[]
  /** Descriptions of the offered tools, by name. */
  readonly tools: ReadonlyMap<string, string>
  readonly steps: readonly Step[]
}

/** What one call of the model gave, and another read. */
export interface Step {
  /** Index of the exchange. */
  readonly from: number
  /** The tool that was asked for; `null` where a text was handed on. */
  readonly tool: string | null
  readonly to: number
  /** What was asked for, as JSON, or said. */
  readonly said: string
  /** What the other one was told because of it: the results, or the same text. */
  readonly told: readonly string[]
  /** What the other one answered, which may repeat what it was told. */
  readonly answer: string
}

/** A text that is shorter could stand in a message by chance. */
const DISTINCTIVE = 20

export function expectedOf(exchanges: readonly Exchange[]): Expected {
  return {
    modelCalls: exchanges.length,
    prompts: promptsOf(exchanges),
    tools: new Map(
      exchanges.flatMap(({ tools }) =>
        tools
          .filter(({ description }) => description !== '')
          .map(({ name, description }) => [name, description.trim()] as const),
      ),
    ),
    steps: exchanges.flatMap(({ turn }, from) => {
      const found = turn.call ? resultOf(exchanges, from, turn.call) : quoteOf(exchanges, from)
      if (found === undefined) return []
      const said = turn.call ? JSON.stringify(turn.call.args) : turn.text
      const told = turn.call ? resultsIn(exchanges[found], turn.call) : [said]
      const answer = exchanges[found]?.turn.text ?? ''
      return [{ from, tool: turn.call?.name ?? null, to: found, said, told, answer }]
    }),
  }
}

/** The system prompts. One that is another with a further message after it is that other one: what follows it are notes. */
function promptsOf(exchanges: readonly Exchange[]): string[] {
  const all = [...new Set(exchanges.map(({ system }) => system.trim()))].filter((text) => text)
  return all.filter((text) => !all.some((other) => text.startsWith(`${other}\n`)))
}

/** The exchange that has the result of a call. */
function resultOf(
  exchanges: readonly Exchange[],
  from: number,
  call: ToolCall,
): number | undefined {
  return later(exchanges, from, (exchange) => resultsIn(exchange, call).length > 0)
}

/** Texts of the results that follow a call. */
function resultsIn(exchange: Exchange | undefined, call: ToolCall): readonly string[] {
  const args = JSON.stringify(call.args)
  const messages = exchange?.messages ?? []
  const asked = messages.findLastIndex(({ calls }) =>
    calls.some((other) => other.name === call.name && JSON.stringify(other.args) === args),
  )
  if (asked === -1) return []
  return messages.slice(asked).flatMap(({ results }) => results.map(({ text }) => text))
}

/** The exchange in which somebody else is told what was answered. */
function quoteOf(exchanges: readonly Exchange[], from: number): number | undefined {
  const said = exchanges[from]?.turn.text ?? ''
  if (said.length < DISTINCTIVE) return undefined
  const told = ({ system, messages }: Exchange) => [
    system,
    ...messages.filter(({ role }) => role === 'user').map(({ text }) => text),
  ]
  const to = later(exchanges, from, (other) => told(other).some((text) => text.includes(said)))
  const again = later(exchanges, from, ({ turn }) => turn.text === said)
  return again !== undefined && to !== undefined && again < to ? undefined : to
}

function later(
  exchanges: readonly Exchange[],
  from: number,
  has: (exchange: Exchange) => boolean,
): number | undefined {
  const found = exchanges.findIndex((exchange, at) => at > from && has(exchange))
  return found === -1 ? undefined : found
}
