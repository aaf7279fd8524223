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
import { types } from '../runtime/types.ts'
import type { Budget } from './budget.ts'
import { cut, unreadText } from './cut.ts'
import { type Fidelity, hidesMembers, isJsonNumber, lesser } from './fidelity.ts'
import { type Form, formOf, saysLittle } from './kinds.ts'
import { ancestor, type Place, pointerOf } from './place.ts'
import { quoted } from './quoted.ts'
import { bigintText, functionName } from './words.ts'

/** Levels of objects in one another; JSON that is deeper would break those who read it. */
const mostDepth = 100
/** Levels of instances of classes in one another: past them lie sockets, pools and the whole program. */
const mostInstances = 3
/** Depth down to which members share the room that is left, so that a long one leaves some for the next. */
const sharedDepth = 2
/** Objects of one value that are looked at for members that are not written. */
const mostLooks = 8
/** Holes in a row that are written one by one. */
const mostHoles = 8

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
  #fidelity: Fidelity = 'exact'
  #looksLeft = mostLooks

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

  /** How much of the value the text says, where nothing was left out. */
  get fidelity(): Fidelity {
    return this.#hasReferences ? lesser(this.#fidelity, 'described') : this.#fidelity
  }

  #saysLess(fidelity: Fidelity): void {
    this.#fidelity = lesser(this.#fidelity, fidelity)
  }

  #value(value: unknown, key: string | number, outer: Place | undefined): void {
    switch (typeof value) {
      case 'string':
        if (!value.isWellFormed()) this.#saysLess('described')
        this.#string(value)
        return
      case 'number':
        if (!isJsonNumber(value)) this.#saysLess('described')
        this.#text += Number.isFinite(value) ? value : `"${value}"`
        return
      case 'boolean':
        this.#text += value
        return
      case 'bigint':
        this.#saysLess('described')
        this.#text += `"${bigintText(value, this.#room)}"`
        return
      case 'undefined':
        this.#saysLess('incomplete')
        this.#text += 'null'
        return
      case 'symbol':
        this.#saysLess('opaque')
        this.#string(String(value))
        return
      case 'function':
        this.#saysLess('opaque')
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
      this.#saysLess('opaque')
      this.#string('[Proxy]')
      return
    }
    const before = this.#text
    const limit = this.#limit
    try {
      this.#known(object, key, outer, depth)
    } catch (error) {
      this.isCut = true
      this.#saysLess('opaque')
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
    if (!isPlain) this.#saysLess(form && saysLittle(form, object) ? 'opaque' : 'described')
    else if (form || Object.getPrototypeOf(object) === null) this.#saysLess('described')
    else if (this.#looksLeft > 0) {
      this.#looksLeft--
      if (hidesMembers(object)) this.#saysLess('described')
    }
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
      const isData = descriptor !== undefined && 'value' in descriptor
      const value: unknown = isData ? descriptor.value : getterText
      left--
      if (!isData) this.#saysLess('opaque')
      if (this.#isNotWritten(value)) continue
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
      const isGetter = given === undefined && isAccessor(place.object, key)
      const value = isGetter ? getterText : given
      if (isGetter) this.#saysLess('opaque')
      if (this.#isNotWritten(value)) continue
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
        if (holes > 0) this.#saysLess('described')
        if (holes > mostHoles) {
          this.#leaveOut(`… ${length - index} more, the first ${holes} of them empty`)
          break
        }
        if (holes === 0 && isAccessor(list, index)) {
          value = getterText
          this.#saysLess('opaque')
        }
      }
      if (typeof value === 'object' && value !== null)
        this.#share(length - index - 1, place.depth, limit)
      this.#value(value, index, place)
      this.#limit = limit
    }
    this.#text += ']'
  }

  /** Whether `JSON.stringify` leaves a member out. */
  #isNotWritten(value: unknown): boolean {
    if (value !== undefined && typeof value !== 'function') return false
    this.#saysLess(value === undefined ? 'incomplete' : 'opaque')
    return true
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
