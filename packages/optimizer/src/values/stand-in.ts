import { textsIn, wordsOf } from './texts.ts'
import { isCode, type TypedValue } from './type-name.ts'

/** What models write where a value should stay as it is. */
const stays =
  /^(?:null|undefined|nil|none|n\/?a|not applicable|unchanged|no changes?|(?:no |without )(?:update|changes?)(?: (?:needed|required|necessary))?|unmodified|as (?:before|is)|(?:the )?same(?: (?:as (?:before|above|present|current|original)|value))?|(?:keep|leave)(?: (?:it|this|the value))?(?: (?:as (?:it )?is|as before|unchanged|the same|present|current|original))?|(?:the )?(?:present|current|existing|original|old) (?:value|text|prompt))$/

/** What stands in examples and forms in the place of a value. */
const placeholder =
  /^(?:todo|tbd|fixme|string|text|value|object|boolean|number|(?:your|the|a|some|insert|my)?(?: ?(?:new|improved|updated|proposed|suggested|revised|better|your))* (?:value|text|prompt|string|instructions?|version)(?: (?:here|goes here))?)$/

/** As examples of an answer have it. */
const ellipsis = /^[\s<[("']*(?:…|\.\.\.)[\s>\])"']*$/

/** The only ones that no text can be meant to say. */
const never = /^(?:null|undefined)$/

/**
 * What a text says that stands for a value instead of being one: that the present value stays, or nothing at all.
 * Where the present text is a single word, as a label is, `none` and `text` are words like any other.
 */
export function standIn(present: TypedValue, proposed: string): 'stays' | 'nothing' | undefined {
  if (isCode(present) || isListed(present.schema, proposed)) return undefined
  if (ellipsis.test(proposed)) return 'nothing'
  const said = bare(proposed)
  if (textsIn(present.value).some((text) => bare(text) === said)) return undefined
  if (never.test(said)) return 'stays'
  if (typeof present.value === 'string' && wordsOf(present.value).length < 2) return undefined
  if (stays.test(said)) return 'stays'
  return placeholder.test(said) ? 'nothing' : undefined
}

/** A text without what is put around a word that is not meant literally. */
function bare(text: string): string {
  if (text.length > 100) return text
  return text
    .toLowerCase()
    .replace(/^[\s<>[\](){}"'`*_.:-]+|[\s<>[\](){}"'`*_.:!-]+$/g, '')
    .replace(/[\s_-]+/g, ' ')
}

function isListed(schema: TypedValue['schema'], proposed: string): boolean {
  const members = typeof schema === 'object' && schema !== null ? Object.values(schema) : []
  return members.some(
    (member) => member === proposed || (Array.isArray(member) && member.includes(proposed)),
  )
}

/** A tag that fences data in a prompt, as `prompt/fence.ts` writes it. */
const fenceTag = /<\/?[a-z][a-z_-]*(?: [^<>\n]{0,200})? fence="k[0-9a-z]{5}">/

/**
 * Whether a value holds a tag of the prompt that it answers, or nothing but the token of its tags in some place, which the
 * present one does not.
 */
export function holdsFence(
  present: TypedValue,
  proposed: TypedValue['value'],
  token: string | undefined,
): boolean {
  const held = (value: TypedValue['value']) =>
    textsIn(value).some(
      (text) => fenceTag.test(text) || (token !== undefined && text.includes(token)),
    )
  return held(proposed) && !held(present.value)
}
