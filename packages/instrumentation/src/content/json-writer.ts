import { types } from 'node:util'
import {
  classNameOf,
  dataMember,
  isAccessor,
  isContainer,
  itemReader,
  keysListedInVain,
  keysOf,
  methodOf,
  widthOf,
} from '../inspection/members.ts'
import { reasonOf } from '../inspection/reason.ts'
import { pointerToken } from '../semconv/reference.ts'
import type { Budget } from './budget.ts'
import { cut, unreadText } from './cut.ts'
import { type Form, formOf } from './kinds.ts'
import { quoted } from './quoted.ts'

/** Levels of objects in one another; JSON that is deeper would break those who read it. */
const mostDepth = 100
/** Levels of instances of classes in one another: past them lie sockets, pools and the whole program. */
const mostInstances = 3
/** Depth down to which members share the room that is left, so that a long one leaves some for the next. */
const sharedDepth = 2
/** Holes in a row that are written one by one. */
const mostHoles = 8

/** Where an object is in what is written: its key, and the object that has it. */
interface Place {
  readonly object: object
  readonly key: string | number
  readonly outer: Place | undefined
  readonly depth: number
  /** How many instances of classes it is inside of, itself included. */
  readonly instances: number
}

/**
 * Writes a value as JSON text that is valid whatever the value is, looking at no more of it than its allowance lets:
 * what is left out is said in its place (`"… 995 more"`, a text that ends in `…`). In the first attempt a value is written
 * as `JSON.stringify` has it. A value that does not fit, or contains itself, is written again with each object once, later
 * places saying where it is (`"[see #/a/0]"`), and with its first members leaving room for the next.
 */
export class JsonWriter {
  readonly #budget: Budget
  readonly #seen: Map<object, Place> | undefined
  #text = ''
  #limit: number
  /** Whether anything was left out. */
  isCut = false
  #hasReferences = false

  constructor(budget: Budget, maxLength: number, options: { readonly isSecond: boolean }) {
    budget.begin(maxLength)
    this.#budget = budget
    this.#limit = budget.characters
    this.#seen = options.isSecond ? new Map() : undefined
  }

  write(value: unknown): string {
    this.#value(value, '', undefined)
    return this.#text
  }

  get #room(): number {
    return this.#limit - this.#text.length
  }

  /** A first attempt that leaves something out is of no use. */
  #isFull(): boolean {
    return this.#text.length >= this.#limit || (!this.#seen && !this.isPlain)
  }

  /** Whether the text is what `JSON.stringify` would give: nothing is left out, nothing only referred to. */
  get isPlain(): boolean {
    return !this.isCut && !this.#hasReferences
  }

  #value(value: unknown, key: string | number, outer: Place | undefined): void {
    switch (typeof value) {
      case 'string':
        this.#string(value)
        return
      case 'number':
        this.#text += Number.isFinite(value) ? value : `"${value}"`
        return
      case 'boolean':
        this.#text += value
        return
      case 'bigint':
        this.#text += `"${bigintText(value, this.#room)}"`
        return
      case 'undefined':
        this.#text += 'null'
        return
      case 'symbol':
        this.#string(String(value))
        return
      case 'function':
        this.#string(`[function ${functionName(value)}]`)
        return
      case 'object':
        if (value === null) this.#text += 'null'
        else this.#object(value, key, outer)
    }
  }

  #string(text: string): void {
    const room = this.#room
    if (text.length <= room) {
      const json = quoted(text)
      if (json.length <= room + 2) {
        this.#text += json
        return
      }
    }
    this.isCut = true
    if (!this.#budget.read(text.length)) {
      this.#text += `"${unreadText(text)}"`
      return
    }
    // Cut before it is escaped: escapes make a text up to six times as long.
    const kept = cut(text, Math.max(2, room))
    const json = JSON.stringify(kept)
    const fits = json.length <= room + 2
    this.#text += fits
      ? json
      : JSON.stringify(cut(text, Math.max(2, Math.floor((kept.length * room) / json.length))))
  }

  #object(object: object, key: string | number, outer: Place | undefined): void {
    const seen = this.#seen?.get(object) ?? ancestor(object, outer)
    if (seen) {
      this.#hasReferences = true
      this.#string(`[see #${pointerOf(seen)}]`)
      return
    }
    if (!this.#budget.step()) {
      this.#leaveOut('…')
      return
    }
    const depth = (outer?.depth ?? 0) + 1
    if (depth > mostDepth) {
      this.#leaveOut(`… deeper than ${mostDepth} levels`)
      return
    }
    if (types.isProxy(object)) {
      this.#string('[Proxy]')
      return
    }
    const before = this.#text
    const limit = this.#limit
    try {
      this.#known(object, key, outer, depth)
    } catch (error) {
      this.isCut = true
      this.#text = before
      this.#string(`[unreadable: ${reasonOf(error)}]`)
    }
    this.#limit = limit
  }

  #known(object: object, key: string | number, outer: Place | undefined, depth: number): void {
    const isPlain = isContainer(object)
    const instances = (outer?.instances ?? 0) + (isPlain ? 0 : 1)
    const place: Place = { object, key, outer, depth, instances }
    this.#seen?.set(object, place)
    const form = isPlain && !saysWhatItIs(object) ? undefined : formOf(object, this.#budget)
    // One that says that it is itself is written as it is.
    if (form && !(isPlain && 'text' in form)) this.#form(form, place)
    else if (Array.isArray(object)) this.#list(object, place)
    else this.#plain(object, place)
  }

  #form(form: Form, place: Place): void {
    if ('text' in form) this.#string(form.text)
    else if ('value' in form) this.#value(form.value, place.key, place)
    else if ('entries' in form) {
      this.#text += `{"[${form.kind}]":`
      this.#entries(form.entries, form.size, place)
      this.#text += '}'
    } else if (place.instances > mostInstances) {
      this.isCut = true
      this.#string(`[${classNameOf(place.object)}]`)
    } else this.#members(form.members, place)
  }

  #plain(object: object, place: Place): void {
    const before = keysListedInVain()
    const keys = keysOf(object)
    this.#budget.list(keys ? keys.length : keysListedInVain() - before)
    if (!keys) {
      this.#leaveOut(`[object of ${widthOf(object)} members]`)
      return
    }
    const limit = this.#limit
    let left = keys.length
    let isFirst = true
    this.#text += '{'
    for (const key of keys) {
      const descriptor = Object.getOwnPropertyDescriptor(object, key)
      const value: unknown = descriptor && 'value' in descriptor ? descriptor.value : getterText
      left--
      if (value === undefined || typeof value === 'function') continue
      if (this.#isFull() || !this.#budget.step()) {
        this.isCut = true
        this.#text += `${isFirst ? '' : ','}"…":"${left + 1} more"`
        break
      }
      this.#text += `${isFirst ? '' : ','}${quoted(shortened(key))}:`
      isFirst = false
      this.#share(left, place.depth, limit)
      this.#value(value, key, place)
      this.#limit = limit
    }
    this.#text += '}'
  }

  #members(members: Iterable<readonly [string, unknown]>, place: Place): void {
    let isFirst = true
    this.#text += '{'
    for (const [key, given] of members) {
      const value = given === undefined && isAccessor(place.object, key) ? getterText : given
      if (value === undefined || typeof value === 'function') continue
      if (this.#isFull() || !this.#budget.step()) {
        this.isCut = true
        this.#text += `${isFirst ? '' : ','}"…":"more"`
        break
      }
      this.#text += `${isFirst ? '' : ','}${quoted(shortened(key))}:`
      isFirst = false
      this.#value(value, key, place)
    }
    this.#text += '}'
  }

  /** A list by its indices: one of length four thousand million, with a single item, is read as quickly as it is kept. */
  #list(list: readonly unknown[], place: Place): void {
    const limit = this.#limit
    const { length } = list
    const itemOf = itemReader(list)
    this.#text += '['
    for (let index = 0; index < length; index++) {
      if (index > 0) this.#text += ','
      if (this.#isFull() || !this.#budget.step()) {
        this.#leaveOut(`… ${length - index} more`)
        break
      }
      let value = itemOf(list, index)
      if (value === undefined) {
        const holes = this.#holesFrom(list, index)
        if (holes > mostHoles) {
          this.#leaveOut(`… ${length - index} more, the first ${holes} of them empty`)
          break
        }
        if (holes === 0 && isAccessor(list, index)) value = getterText
      }
      if (typeof value === 'object' && value !== null)
        this.#share(length - index - 1, place.depth, limit)
      this.#value(value, index, place)
      this.#limit = limit
    }
    this.#text += ']'
  }

  /** How many items in a row are missing, as far as it is looked. */
  #holesFrom(list: readonly unknown[], from: number): number {
    const end = Math.min(list.length, from + mostHoles + 1)
    let index = from
    while (index < end && !Object.hasOwn(list, index)) index++
    return index - from
  }

  #entries(entries: Iterable<unknown>, size: number | undefined, place: Place): void {
    let index = 0
    this.#text += '['
    for (const entry of entries) {
      if (index > 0) this.#text += ','
      if (this.#isFull() || !this.#budget.step()) {
        this.#leaveOut(size === undefined ? '… more' : `… ${size - index} more`)
        break
      }
      this.#value(entry, index++, place)
    }
    this.#text += ']'
  }

  /** Lets a member take at most half of the room, where others follow and the room is known to be too small. */
  #share(following: number, depth: number, limit: number): void {
    if (!this.#seen || following === 0 || depth > sharedDepth) return
    const used = this.#text.length
    this.#limit = used + Math.ceil((limit - used) / 2)
  }

  #leaveOut(what: string): void {
    this.isCut = true
    this.#text += JSON.stringify(what)
  }
}

/** Whether an array or a plain object has a `toJSON`, of its own or of its class. */
function saysWhatItIs(object: object): boolean {
  const isOfClass = Array.isArray(object) && Object.getPrototypeOf(object) !== Array.prototype
  return isOfClass
    ? methodOf(object, 'toJSON') !== undefined
    : typeof dataMember(object, 'toJSON') === 'function'
}

const getterText = '[getter]'

function shortened(key: string): string {
  return key.length > 1_000 ? cut(key, 1_000) : key
}

function ancestor(object: object, outer: Place | undefined): Place | undefined {
  for (let place = outer; place; place = place.outer) if (place.object === object) return place
  return undefined
}

function pointerOf(place: Place): string {
  const tokens: string[] = []
  for (let at: Place | undefined = place; at?.outer; at = at.outer)
    tokens.push(pointerToken(at.key))
  return tokens.reverse().join('')
}

/** A bigint may have more digits than there is room for, and writing them takes longer than their number squared. */
function bigintText(value: bigint, room: number): string {
  const most = BigInt(Math.max(64, Math.min(room, 10_000)) * 3)
  return BigInt.asIntN(Number(most), value) === value ? value.toString() : '[bigint, too long]'
}

function functionName(fn: unknown): string {
  if (typeof fn !== 'function') return ''
  if (types.isProxy(fn)) return 'Proxy'
  const name = dataMember(fn, 'name')
  return typeof name === 'string' ? name.slice(0, 100) : ''
}
