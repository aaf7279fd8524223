import { valueHash } from '@trace2/core'
import { MOST_TEXT } from './words.ts'

/** What a text says but for its numbers: texts that differ in no more than these may be one prompt. */
export interface NumberForms {
  /** Of texts in which a program has filled in a time, an id or a counter, this is the same. */
  readonly filled: string
  /** Of texts that differ in any number, this is the same. */
  readonly any: string
}

export function numberForms(text: string): NumberForms {
  const start = text.slice(0, MOST_TEXT)
  const filled = changing.reduce((left, form) => left.replace(form, '#'), start)
  const any = start.replace(/\d+/g, '#')
  return { filled: hash(filled), any: hash(any) }
}

function hash(text: string): string {
  return valueHash(text).slice(0, 16)
}

const months =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\\.?'
const counted =
  'step|turn|round|attempt|iteration|try|retry|call|message|cycle|loop|tick|page|chunk'

/** Numbers that are another in each call: dates, times, ids, and those that count calls. */
const changing: readonly RegExp[] = [
  new RegExp(`\\b${months}\\s{1,2}\\d{1,2}(?:st|nd|rd|th)?\\b(?:,?\\s\\d{4})?`, 'gi'),
  new RegExp(`\\b\\d{1,2}(?:st|nd|rd|th)?\\.?\\s(?:of\\s)?${months}\\b(?:,?\\s\\d{4})?`, 'gi'),
  /\d{1,4}(?:[-/.:]\d{1,4}){2,}/g,
  /\b\d{1,2}:\d\d\b/g,
  /\d{5,}/g,
  new RegExp(`\\b(?:${counted})s?(?:\\s(?:no\\.?|number))?[\\s:#]{0,3}\\d+`, 'gi'),
  /\b\d+(?=\s?(?:\/|of)\s?\d)/g,
  /\b\d+(?=(?:\s\w{1,20})?\s(?:left|remaining|so far|ago)\b)/g,
]
