import { thoughtsIn } from './thoughts.ts'

/** A text that is longer has something else to say as well. */
const longest = 1000

/** What politeness, markup or a field of an object puts before a refusal. */
const before = String.raw`(?:[\s>*_#"'“‘«\[{(-]|\b(?:error|refusal|message|answer|response|reason|assistant)"?\s*:)*`

const gap = String.raw`[^\p{L}]{0,4}`

/** I'm sorry, but · Unfortunately, · As an AI language model, */
const regrets = String.raw`(?:(?:(?:i['’]m|i am|we['’]re|we are) )?(?:(?:very|so|truly|really) )?sorry\b${gap}|(?:i|we) apologi[sz]e\b${gap}|(?:my|our) apologies\b${gap}|unfortunately\b${gap}|as an? (?:ai|artificial|large|language)\b[^.!?]{0,60}?[,.]\s*)?(?:but |however,? )?`
/** I cannot · I'm not able to · We must decline to · I cannot and will not */
const refuses = [
  "(?:i|we) (?:can|could|will|do|may|must)(?: ?not|n?['’]t)",
  "(?:i|we) (?:won['’]t)",
  "(?:i['’]m|i am|we['’]re|we are) (?:unable|not able|not (?:going|allowed|permitted|comfortable)(?: with)?)(?: to)?",
  '(?:i|we) (?:(?:must|have to|will|would) )?(?:respectfully )?(?:decline|refuse|prefer not)(?: to)?',
].join('|')
const more =
  "(?: (?:and|or) (?:will|can|would)(?: ?not|['’]t))?(?: be able to| feel comfortable| want to| in good conscience)?"
const deeds =
  'help|assist|comply|continue|proceed|fulfil|provide|answer|respond|engage|participate|discuss|support|do (?:that|this|so)|create|generate|write|produce|process|complete|carry|accommodate|offer|share|work on|be of help|(?:this|that|your|the|such) (?:request|question)|to'

const refusals = [
  `${regrets}(?:${refuses})${more} ?(?:${deeds})`,
  "(?:this|that|your|the) (?:request|content|prompt|question)s? (?:violates?|goes against|(?:is|are) (?:against|not allowed|not permitted|inappropriate)|(?:can ?not|can['’]t) be)",
  // German, French, Spanish, Portuguese, Italian
  `(?:(?:es )?tut mir leid|leider|entschuldigung)?${gap}(?:aber |doch )?(?:ich )?(?:kann|darf|werde) (?:(?:ich|dir|ihnen|euch|dabei|damit|das|diese[rs]?|anfrage|bitte|hier(?:bei)?|leider) )*nicht`,
  `(?:(?:je suis )?d[ée]sol[ée]+e?)?${gap}(?:mais )?je ne (?:peux|suis|puis) pas`,
  `(?:lo siento|lo lamento|desculpe|sinto muito|mi dispiace|purtroppo)${gap}(?:pero |mas |ma )?(?:no|não|non) (?:puedo|posso)`,
  '(?:no puedo|não posso|non posso) (?:ayudar|cumplir|responder|ajudar|cumprir|aiutar|rispondere|fornire)',
  // Chinese, Japanese, Korean, Russian
  String.raw`(?:很?抱歉|对不起|對不起|不好意思)?[，,。\s]{0,3}(?:但是?)?我(?:无法|無法|不能|没办法)`,
  String.raw`(?:申し訳(?:ございません|ありません)|すみません|ごめんなさい)(?:が|けど)?[、,。\s]`,
  '죄송(?:합니다|하지만)',
  `(?:к сожалению|извините|простите)${gap}(?:но )?я не (?:могу|буду)`,
]
const refusal = new RegExp(`^${before}(?:${refusals.join('|')})`, 'iu')

/**
 * Whether an answer says in words that it is none: "I can't help with that." Only one that begins so, and is short, is
 * taken to; thoughts before it aside.
 */
export function isRefusal(text: string): boolean {
  let said = text
  for (const { start, end } of thoughtsIn(text, []).toReversed()) {
    said = said.slice(0, start) + said.slice(end)
  }
  return said.length <= longest && refusal.test(said)
}
