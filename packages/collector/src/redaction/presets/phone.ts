import { digitRows, type Group } from './digits.ts'
import type { Place, Preset } from './preset.ts'

const FEWEST = 8
const MOST = 15
const ofPhones = /^[ \t\u00a0()./\\_·•,:|~*-]{1,3}$/
const ofNational = /^[ \t()./-]{1,3}$/
/** What says that digits without any other mark are a number to call. */
const called =
  /(?:phone|mobile|mobil|cell|tele?(?:fon|fono|phone|fone)?|fax|whatsapp|handy|call|sms|msisdn|телефон|电话|電話|手机)(?:[ _-]?(?:number|no|nr|num))?["'`\])]{0,2}\.?\s{0,3}(?:[:=#]|is|at|me at)?\s{0,3}["'`(]{0,2}$/iu

/** Telephone numbers: international, national with their groups, and digits that are said to be one. */
export const phone: Preset = {
  credential: false,
  find(text, traits) {
    const places: Place[] = []
    for (const row of digitRows(text, traits)) {
      for (let first = 0; first < row.length; first++) {
        const found =
          international(text, row, first) ?? national(text, row, first) ?? named(text, row, first)
        if (!found) continue
        places.push({ from: found.from, to: row[found.last]?.to ?? 0 })
        first = found.last
      }
    }
    return places
  },
  telling: isPhoneName,
  named: (name, value) => {
    const digits = value.replace(/\D/g, '').length
    return digits >= 7 && digits <= MOST && /^[\d\s()+./_x-]+$/.test(value) && isPhoneName(name)
  },
}

function isPhoneName(name: string): boolean {
  return /(?:^|[^a-z])(?:tele?)?(?:phone|mobile|cell|fax|whatsapp|msisdn|tel)(?:[ _-]?(?:number|no|nr))?$/i.test(
    name.replace(/([a-z])([A-Z])/g, '$1_$2'),
  )
}

interface Found {
  readonly from: number
  readonly last: number
}

/** Groups that belong together, as many as a number can have. */
function extent(
  row: readonly Group[],
  first: number,
  gaps: RegExp,
): { readonly last: number; readonly digits: string } {
  let digits = row[first]?.digits ?? ''
  let last = first
  for (let next = first + 1; next < row.length; next++) {
    const { before, digits: more } = row[next] ?? { before: '', digits: '' }
    if (!gaps.test(before) || digits.length + more.length > MOST) break
    digits += more
    last = next
  }
  return { last, digits }
}

function international(text: string, row: readonly Group[], first: number): Found | undefined {
  const { from = 0, digits: begin = '' } = row[first] ?? {}
  if (!/[+(\s]/.test(text.charAt(from - 1)) && !begin.startsWith('00')) return undefined
  const before = text.slice(Math.max(0, from - 3), from)
  const sign = /\+[\s(]{0,2}$/.exec(before)
  const zeros = /^00[1-9]/.test(begin) && !/[A-Za-z\d_.,]$/.test(before)
  if (!sign && !zeros && !(begin === '00' && first + 1 < row.length && !/[\w.:]$/.test(before)))
    return undefined
  const start = sign ? from - sign[0].length : from
  if (sign && (/^0/.test(begin) || /[A-Za-z\d]/.test(text.charAt(start - 1)))) return undefined
  const { last, digits } = extent(row, first, ofPhones)
  const count = digits.replace(/^00/, '').length
  if (count < FEWEST || count > MOST || /[A-Za-z]/.test(text.charAt(row[last]?.to ?? 0)))
    return undefined
  // Sums and lists of numbers: `+5, 10, 15`.
  const lists = row.slice(first + 1, last + 1).filter(({ before: gap }) => /,/.test(gap)).length
  if (lists > 0 && (lists < last - first || count < 10)) return undefined
  return { from: start, last }
}

function national(text: string, row: readonly Group[], first: number): Found | undefined {
  const { from = 0, digits: begin = '' } = row[first] ?? {}
  const open = text.charAt(from - 1) === '('
  if (!/^(?:0[1-9]\d{0,4}|[18]|[2-9]\d\d)$/.test(begin) && !(open && /^\d{2,4}$/.test(begin))) {
    return undefined
  }
  const start = open ? from - 1 : from
  if (/[A-Za-z\d_.:/$€£#-]/.test(text.charAt(start - 1))) return undefined
  const { last, digits } = extent(row, first, ofNational)
  const groups = row.slice(first, last + 1)
  const sizes = groups.map((one) => one.digits.length)
  const american = americanFrom(text, row, first, open)
  if (american !== undefined) return { from: start, last: american }
  if (groups.length < 2 || !(/^0[1-9]\d{0,4}$/.test(begin) || isBracketed(groups, open))) {
    return undefined
  }
  if (digits.length < 9 || digits.length > 12 || isDate(groups)) return undefined
  if (sizes.slice(1).every((size) => size === 1) && !open) return undefined
  return /[A-Za-z\d_]/.test(text.charAt(row[last]?.to ?? 0)) ? undefined : { from: start, last }
}

/** `(11) 98765-4321`, and `8 (495) 123-45-67` with the digit that Russians dial before it. */
function isBracketed([area, next, line]: readonly Group[], open: boolean): boolean {
  if (open) return next !== undefined && /^\)/.test(next.before) && line !== undefined
  return area?.digits === '8' && / ?\($/.test(next?.before ?? '') && line !== undefined
}

/** Three, three and four digits as the North American plan assigns them, a 1 perhaps before them. */
function americanFrom(
  text: string,
  row: readonly Group[],
  first: number,
  open: boolean,
): number | undefined {
  const one = row[first]?.digits === '1' && ofNational.test(row[first + 1]?.before ?? '') ? 1 : 0
  const groups = row.slice(first + one, first + one + 3)
  const [area, exchange, line] = groups
  if (!area || !exchange || !line) return undefined
  if (!/^[2-9]\d\d$/.test(area.digits) || !/^[2-9]\d\d$/.test(exchange.digits)) return undefined
  if (line.digits.length !== 4 || /[A-Za-z\d_]/.test(text.charAt(line.to))) return undefined
  const gaps = [exchange.before, line.before]
  if (!gaps.every((gap) => ofNational.test(gap))) return undefined
  if (!open && one === 0 && gaps[0]?.trim() !== gaps[1]?.trim()) return undefined
  return first + one + 2
}

function named(text: string, row: readonly Group[], first: number): Found | undefined {
  const { from = 0 } = row[first] ?? {}
  // There is no letter between the groups of a row, so that a word stands before the first.
  if (first > 0 || !called.test(text.slice(Math.max(0, from - 40), from))) return undefined
  const { last, digits } = extent(row, first, ofPhones)
  if (digits.length < 7 || isDate(row.slice(first, last + 1))) return undefined
  return /[A-Za-z_]/.test(text.charAt(row[last]?.to ?? 0)) ? undefined : { from, last }
}

function isDate(groups: readonly Group[]): boolean {
  const [one, two, three] = groups.map(({ digits }) => digits)
  if (three === undefined) return false
  const sizes = [one, two, three].map((digits) => digits?.length)
  return (
    sizes.join() === '2,2,4' ||
    sizes.join() === '4,2,2' ||
    sizes.join() === '1,2,4' ||
    sizes.join() === '2,1,4'
  )
}
