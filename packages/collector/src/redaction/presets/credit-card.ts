import { digitRows, type Group, isFraction } from './digits.ts'
import { nowhere, type Place, type Preset } from './preset.ts'

const SHORTEST = 12
const LONGEST = 19

/** First digits that networks are assigned, with the lengths of their numbers (ISO/IEC 7812). */
const networks: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^(?:30[0-5]|3095|36|3[89])/, [14, 15, 16, 17, 18, 19]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^(?:62|81)/, [16, 17, 18, 19]],
  [/^(?:50|5[6-8]|6[0-9])/, [12, 13, 14, 15, 16, 17, 18, 19]],
  [/^220[0-4]/, [16, 17, 18, 19]],
  [/^(?:60|65|81|82|508)/, [16]],
  [/^(?:9792|8600|9860)/, [16]],
]

/** Numbers of payment cards: those of a network, with a right check digit, together or in groups. */
export const creditCard: Preset = {
  credential: false,
  find(text, traits) {
    if (traits.digits < SHORTEST) return nowhere
    const places: Place[] = []
    for (const row of digitRows(text, traits)) {
      for (let first = 0; first < row.length; first++) {
        const found = cardFrom(text, row, first)
        if (found === undefined) continue
        places.push({ from: row[first]?.from ?? 0, to: row[found]?.to ?? 0 })
        first = found
      }
    }
    return places
  },
}

/** The index of the last group of a card that begins with a group. */
function cardFrom(text: string, row: readonly Group[], first: number): number | undefined {
  const { from = 0, digits: begin = '' } = row[first] ?? {}
  // Few groups can begin a card, and most searches end here.
  if (!/^[2-689]/.test(begin) || (![1, 4, 6].includes(begin.length) && begin.length < SHORTEST)) {
    return undefined
  }
  let digits = ''
  const sizes: number[] = []
  for (let last = first; last < row.length; last++) {
    const { to, digits: more } = row[last] ?? { to: 0, digits: '' }
    digits += more
    sizes.push(more.length)
    if (sizes.length > 4 && begin.length !== 1) return undefined
    if (digits.length > LONGEST) return undefined
    if (digits.length < SHORTEST || !isLaidOut(sizes)) continue
    if (!isOfNetwork(digits) || !passesLuhn(digits)) continue
    if (isFraction(text, from, to)) continue
    if (isOfList(row, first, last)) continue
    return last
  }
  return undefined
}

/** As cards are printed: 4-4-4-4, 4-6-5, or groups of one size. */
function isLaidOut(sizes: readonly number[]): boolean {
  const [size = 0] = sizes
  if (sizes.length === 1) return true
  const layout = sizes.join('-')
  if (/^4-6-[45]$|^4-4-5$|^4-4-4-[1-7]$|^6-(?:[67]|10|13)$/.test(layout)) return true
  if (size !== 1 && size !== 4) return false
  return sizes.every((one, index) => one === size || (index === sizes.length - 1 && one < size))
}

/** Whether the groups are numbers of a longer list. */
function isOfList(row: readonly Group[], first: number, last: number): boolean {
  if (first === last) return false
  const gaps = row.slice(first + 1, last + 1).map(({ before }) => before)
  if (!gaps.every((gap) => /[,;|]/.test(gap))) return false
  return row[first]?.before === gaps[0] || row[last + 1]?.before === gaps[0]
}

function isOfNetwork(digits: string): boolean {
  return networks.some(([first, lengths]) => lengths.includes(digits.length) && first.test(digits))
}

/** The check digit of card numbers (ISO/IEC 7812-1). */
function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const weighed = index % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}
