import type { ChatRequest, Llm } from '../llm/index.ts'
import type { GuideTools, Verdict } from './guide.ts'

/** Tools with which a guide that asks a model gets another answer to the same question; 0 is the first. */
export function toolsOfAsk(tools: GuideTools, sample: number): GuideTools {
  return sample === 0 ? tools : { ...tools, llm: () => otherAnswers(tools.llm(), sample) }
}

function otherAnswers(llm: Llm, sample: number): Llm {
  // An embedding has one answer only.
  const other = (request: ChatRequest): ChatRequest =>
    request.output === 'embedding'
      ? request
      : { ...request, sample: (request.sample ?? 0) + sample }
  const { limits } = llm
  return {
    call: (purpose, request) => llm.call(purpose, other(request)),
    fail: (call, fault) => llm.fail(call, fault),
    ...(limits ? { limits: (model: string) => limits(model) } : {}),
    get spent() {
      return llm.spent
    },
  }
}

/** Several verdicts on one subject as one: the mean score, with the words of the verdict nearest to it. */
export function combinedVerdict(verdicts: readonly Verdict[]): Verdict | undefined {
  const [first] = verdicts
  if (!first) return undefined
  const score = verdicts.reduce((sum, verdict) => sum + verdict.score, 0) / verdicts.length
  const distance = (verdict: Verdict) => Math.abs(verdict.score - score)
  const nearest = verdicts.reduce((a, b) => (distance(b) < distance(a) ? b : a))
  const { label } = nearest
  return { score, comment: nearest.comment, ...(label === undefined ? {} : { label }) }
}
