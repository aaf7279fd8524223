import { type ChatRequest, callIdOf, type Llm } from '@trace2/evaluation/llm'
import type { Store } from '@trace2/store'

/** The model access of one step. */
export interface Take {
  readonly llm: Llm
  /** Notes that the step came to its end, and says whether that was not known yet. */
  finish(): Promise<boolean>
}

export interface TakeOptions {
  /** Whether a step that is finished is taken anew. Otherwise its answers are given again. */
  readonly again?: boolean
  /** The number of the step among those that ask the same, where that is known. */
  readonly take?: number
}

/**
 * Numbers the questions of a step, so that the store answers them for this step and for no other one: a step that was
 * stopped goes on where it was, and a new one asks anew. Which steps were finished is noted at their first question.
 */
export function takeOf(
  llm: Llm,
  store: Pick<Store, 'llmCalls' | 'putLlmCall'>,
  { again = false, take }: TakeOptions,
): Take {
  let first: Promise<ChatRequest> | undefined
  const callOf = async (request: ChatRequest) => (await store.llmCalls([callIdOf(request)]))[0]
  const chosen = async (request: ChatRequest): Promise<ChatRequest> => {
    if (take !== undefined) return numbered(request, take)
    let next = 0
    while ((await callOf(numbered(request, next)))?.finishedStep) next++
    return numbered(request, again ? next : Math.max(0, next - 1))
  }
  return {
    llm: {
      get spent() {
        return llm.spent
      },
      fail: (call, fault) => llm.fail(call, fault),
      async call(purpose, request) {
        first ??= chosen(request)
        const { take = 0 } = await first
        return llm.call(purpose, numbered(request, take))
      },
    },
    async finish() {
      const call = first && (await callOf(await first))
      if (!call || call.finishedStep) return false
      await store.putLlmCall({ ...call, finishedStep: true })
      return true
    },
  }
}

/** The first step asks as if there were no other, so that stores and recordings from before are valid. */
function numbered(request: ChatRequest, take: number): ChatRequest {
  return take === 0 ? request : { ...request, take }
}
