import type { JsonObject } from '../json.ts'
import type { ChatRequest } from '../protocol/chat-request.ts'
import { statements } from '../quotes.ts'
import { choicesIn, choose } from './choose.ts'
import { fill } from './fill.ts'
import type { Instruction } from './instruction.ts'
import { parseInstructions, parseStatement } from './parse.ts'
import type { Task } from './task.ts'
import { write } from './write.ts'

/**
 * Separates instructions from data. System and developer messages instruct, the rest is data; a request without
 * any instructs in its user messages, and what reads as no instruction there is data.
 */
export function readTask(messages: ChatRequest['messages'], seed: number): Task {
  const told = messages.filter(({ role }) => role === 'system' || role === 'developer')
  const given = messages.filter(({ role }) => role === 'user' || role === 'tool')
  const data = given.map(({ content }) => content).join('\n\n')
  if (told.length > 0) {
    const prompt = told.map(({ content }) => content).join('\n')
    return { instructions: parseInstructions(prompt), data, seed }
  }
  const plain = data
    .split('\n')
    .map((line) =>
      statements(line)
        .filter((part) => !instructs(part))
        .join(' '),
    )
    .join('\n')
  return { instructions: parseInstructions(data).filter(isNoHint), data: plain, seed }
}

/** Follows the task's instructions and returns the answer's text. */
export function follow(task: Task, format: ChatRequest['format']): string {
  if (format === 'text') return text(task)
  if (format === 'json_object') return JSON.stringify(fill(keysSchema(task.instructions), task))
  return JSON.stringify(fill(format.schema, task))
}

function text({ instructions, data, seed }: Task): string {
  const chosen = choose(choicesIn(instructions), instructions, data, seed)
  return chosen?.answer ?? write(instructions, data, seed)
}

/** `json_object` has no schema: the keys that the prompt names, each a string. */
function keysSchema(instructions: readonly Instruction[]): JsonObject {
  const named = instructions.flatMap((instruction) =>
    instruction.kind === 'keys' ? instruction.keys : [],
  )
  const keys = named.length > 0 ? named : ['answer']
  const properties = Object.fromEntries(keys.map((key) => [key, { type: 'string' }]))
  return { type: 'object', properties }
}

// A `label: text` line in a user message is a labelled value far more often than the description of an answer.
function isNoHint(instruction: Instruction): boolean {
  return instruction.kind !== 'hint'
}

function instructs(statement: string): boolean {
  return parseStatement(statement).some(isNoHint)
}
