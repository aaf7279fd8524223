import { quoted } from './quote.ts'
import { isRefusal } from './refusal-words.ts'
import type { ChatRequest } from './request.ts'

/** Why an answer is none, whatever it was to contain. */
export interface Unusable {
  readonly ok: false
  /** In words that the model is shown where it is asked again. */
  readonly fault: string
  readonly code: 'T2_MODEL_CUT_OFF' | 'T2_MODEL_EMPTY' | 'T2_MODEL_REFUSED' | 'T2_MODEL_FILTERED'
  /** Whether asking again would lead to the same. */
  readonly final: boolean
}

/** What keeps an answer from being read; `undefined` where nothing does. */
export function unusableAnswer(
  { text, finishReason }: { readonly text: string; readonly finishReason: string },
  { output }: Pick<ChatRequest, 'output'>,
): Unusable | undefined {
  if (output === 'embedding') return undefined
  const none = (code: Unusable['code'], fault: string, final = false) =>
    ({ ok: false, code, fault, final }) as const
  switch (finishReason) {
    case 'length':
      return none('T2_MODEL_CUT_OFF', 'it was cut off; be shorter')
    case 'refusal':
      return none('T2_MODEL_REFUSED', `the model refused to answer: ${quoted(text)}`, true)
    case 'content_filter':
      return none(
        'T2_MODEL_FILTERED',
        `a content filter stopped it${text === '' ? '' : `: ${quoted(text)}`}`,
        true,
      )
    default:
      return text.trim() === '' ? none('T2_MODEL_EMPTY', 'it was empty') : undefined
  }
}

/** An answer that cannot be read, where that is because it refuses in words. */
export function refusedInWords(text: string): Unusable | undefined {
  if (!isRefusal(text)) return undefined
  const fault = `the model refused to answer: ${quoted(text)}`
  return { ok: false, code: 'T2_MODEL_REFUSED', fault, final: false }
}
