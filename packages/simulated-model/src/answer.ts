import { demandsFor } from './follow/condition.ts'
import { fill } from './follow/fill.ts'
import { follow, readTask } from './follow/follow.ts'
import type { Task } from './follow/task.ts'
import { improve } from './improve/improve.ts'
import { readOptimizerPrompt } from './improve/prompt.ts'
import { writeSuggestion } from './improve/write.ts'
import { judge } from './judge/judge.ts'
import { readJudgement } from './judge/prompt.ts'
import type { ChatRequest, Tool } from './protocol/chat-request.ts'

export interface Answer {
  /** `null` where tools are called instead. */
  readonly content: string | null
  readonly toolCalls: readonly { readonly name: string; readonly arguments: string }[]
}

/** The simulation itself: a pure function of the request and the seed. */
export function answer(request: ChatRequest, seed: number): Answer {
  const problem = readOptimizerPrompt(request)
  if (problem) return { content: writeSuggestion(improve(problem), problem), toolCalls: [] }
  const judgement = readJudgement(request)
  if (judgement) return { content: JSON.stringify(judge(judgement)), toolCalls: [] }
  const task = readTask(request.messages, seed)
  const tool = chooseTool(request, task)
  if (tool) {
    const values = fill({ type: 'object', ...tool.parameters }, task)
    return { content: null, toolCalls: [{ name: tool.name, arguments: JSON.stringify(values) }] }
  }
  return { content: follow(task, request.format), toolCalls: [] }
}

/** A tool is called where the request demands it, or an instruction that applies names it and it was not called yet. */
function chooseTool({ tools, toolChoice, messages }: ChatRequest, task: Task): Tool | undefined {
  if (toolChoice === 'none') return undefined
  if (typeof toolChoice === 'object') return tools.find(({ name }) => name === toolChoice.name)
  const named = demandsFor(task.instructions, task.data).find((demand) => demand.kind === 'tool')
  const wanted = named && tools.find(({ name }) => name === named.name)
  if (toolChoice === 'required') return wanted ?? tools[0]
  return messages.at(-1)?.role === 'tool' ? undefined : wanted
}
