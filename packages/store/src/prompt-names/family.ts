import { type NumberForms, numberForms } from './number-forms.ts'
import { differingWords, likeness, MOST_TEXT } from './words.ts'

/** A version of a prompt, and what is known of it. */
interface Version extends NumberForms {
  readonly name: string
  /** The lower, the earlier it was seen. */
  readonly age: number
}

const MOST_VERSIONS = 2_000
/** More prompts of one caller are told apart by likeness alone. */
const MOST_NAMES = 24
/** Texts with less in common than this are not versions of one prompt, where a caller has several. */
const LEAST_LIKENESS = 0.3
/** So many texts that differ in nothing but numbers are one, into which a program fills them. */
export const MANY_NUMBERS = 4

/** The prompts of one caller. Each version stands under one name. */
export class Family {
  /** The latest text of each name. */
  readonly #texts = new Map<string, string>()
  readonly #versions = new Map<string, Version>()
  /** Forms in which a program fills numbers. */
  readonly #filled = new Set<string>()
  /** The first version of each form. */
  readonly #byForm = new Map<string, string>()
  /** Texts of each form, but for the numbers that change, up to {@link MANY_NUMBERS}. */
  readonly #forms = new Map<string, Set<string>>()
  #age = 0

  /** To be called of the versions of a name in the order in which they were seen. */
  add(name: string, version: string, text: string, forms = numberForms(text)): void {
    this.#texts.set(name, text.slice(0, MOST_TEXT))
    if (this.#versions.has(version)) return
    this.#versions.set(version, { name, age: this.#age++, ...forms })
    for (const form of [forms.filled, `any ${forms.any}`]) {
      if (!this.#byForm.has(form)) this.#byForm.set(form, version)
    }
    dropOldest(this.#versions, MOST_VERSIONS)
    dropOldest(this.#byForm, 2 * MOST_VERSIONS)
    this.#countNumbers(forms, name)
  }

  nameOf(version: string): string | undefined {
    return this.#versions.get(version)?.name
  }

  versionOf(version: string): Version | undefined {
    return this.#versions.get(version)
  }

  get isFull(): boolean {
    return this.#texts.size >= MOST_NAMES
  }

  /** Whether two versions are the same text with other numbers in it. */
  isSame(version: NumberForms, other: NumberForms): boolean {
    return (
      version.filled === other.filled ||
      (version.any === other.any && this.#filled.has(version.any))
    )
  }

  /** The name of a text that is known with other numbers in it. */
  nameByForm(forms: NumberForms): string | undefined {
    const form = this.#filled.has(forms.any) ? `any ${forms.any}` : forms.filled
    const first = this.#byForm.get(form)
    return first === undefined ? undefined : this.nameOf(first)
  }

  isFilled(any: string): boolean {
    return this.#filled.has(any)
  }

  /** How much a text has in common with the name that is most like it. */
  nearness(text: string): number {
    return this.#byLikeness(text)[0]?.like ?? 0
  }

  /**
   * The name of a text that is new: the one that is most like it among those that are free, or a new one.
   *
   * @param used whether another text of the run has a name.
   */
  nameOfNew(base: string, text: string, used: (name: string) => boolean): string {
    if (this.#texts.size === 0) return base
    const all = this.#byLikeness(text)
    const best = all.find(({ name }) => !used(name))
    if (best && (all.length === 1 || best.like >= LEAST_LIKENESS)) return best.name
    const nearest = best ?? all[0]
    return nearest && this.isFull ? nearest.name : this.#newName(base, text)
  }

  /**
   * Parts a version from another one of the same name, and with it the versions of the name that are more like it.
   *
   * @param texts those of all versions of the name.
   */
  split(
    base: string,
    [kept, parted]: readonly [kept: string, parted: string],
    texts: ReadonlyMap<string, string>,
  ): { readonly to: string; readonly versions: readonly string[] } {
    const keptText = texts.get(kept) ?? ''
    const text = texts.get(parted) ?? ''
    const going = [...texts.keys()].filter(
      (version) =>
        version === parted ||
        (version !== kept && isNearer(texts.get(version) ?? '', text, keptText)),
    )
    const name = this.nameOf(kept)
    if (name !== undefined) this.#texts.set(name, keptText.slice(0, MOST_TEXT))
    const to = this.#newName(base, text)
    this.#texts.set(to, text.slice(0, MOST_TEXT))
    this.#move(going, to)
    return { to, versions: going }
  }

  /**
   * Says of a form that a program fills its numbers in: what has that form is one prompt from now on.
   *
   * @returns the name that it has, and the versions that had others.
   */
  fill(any: string): {
    readonly to: string
    readonly from: ReadonlyMap<string, readonly string[]>
  } {
    const alike = [...this.#versions].filter(([, version]) => version.any === any)
    const to = alike[0]?.[1].name ?? ''
    this.#filled.add(any)
    const from = new Map<string, string[]>()
    for (const [version, { name }] of alike) {
      if (name !== to) from.set(name, [...(from.get(name) ?? []), version])
    }
    for (const [name, versions] of from) {
      this.#move(versions, to)
      const isLeft = [...this.#versions.values()].some((version) => version.name === name)
      if (!isLeft) this.#texts.delete(name)
    }
    return { to, from }
  }

  #move(versions: readonly string[], to: string): void {
    for (const version of versions) {
      const known = this.#versions.get(version)
      if (known) this.#versions.set(version, { ...known, name: to })
    }
  }

  /** Of which one name alone has had many texts, that is a form in which a program fills numbers. */
  #countNumbers({ filled, any }: NumberForms, name: string): void {
    const texts = this.#forms.get(any) ?? new Set()
    this.#forms.set(any, texts)
    dropOldest(this.#forms, MOST_VERSIONS)
    if (texts.size < MANY_NUMBERS) texts.add(filled)
    if (texts.size < MANY_NUMBERS || this.#filled.has(any)) return
    const alike = [...this.#versions.values()].filter((version) => version.any === any)
    if (alike.every((version) => version.name === name)) this.#filled.add(any)
  }

  #byLikeness(text: string) {
    const start = text.slice(0, MOST_TEXT)
    return [...this.#texts]
      .map(([name, latest]) => ({ name, latest, like: likeness(start, latest) }))
      .sort(
        (a, b) => b.like - a.like || numbersAlike(start, b.latest) - numbersAlike(start, a.latest),
      )
  }

  /** A name by the words in which a text differs from the one that is most like it. */
  #newName(base: string, text: string): string {
    const nearest = this.#byLikeness(text)[0]?.latest ?? ''
    const words = differingWords(text.slice(0, MOST_TEXT), nearest).replace(/[^a-z-]+/g, '')
    for (let count = words === '' ? 2 : 1; ; count++) {
      const end = [words, count === 1 ? '' : String(count)].filter((part) => part !== '').join('-')
      if (!this.#texts.has(`${base}.${end}`)) return `${base}.${end}`
    }
  }
}

function isNearer(text: string, one: string, other: string): boolean {
  const [start, near, far] = [text, one, other].map((whole) => whole.slice(0, MOST_TEXT))
  return likeness(start ?? '', near ?? '') > likeness(start ?? '', far ?? '')
}

/** How many numbers stand in two texts at the same place. */
function numbersAlike(text: string, other: string): number {
  const numbers = other.match(/\d+/g) ?? []
  return (text.match(/\d+/g) ?? []).filter((number, index) => number === numbers[index]).length
}

export function dropOldest<Key>(map: Map<Key, unknown>, most: number): void {
  while (map.size > most) {
    const [oldest] = map.keys()
    if (oldest === undefined) return
    map.delete(oldest)
  }
}
