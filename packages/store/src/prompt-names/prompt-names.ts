import { baseOf, differingWords, likeness, MOST_TEXT } from './words.ts'

/** A prompt of one call that is to be named. */
export interface PromptToName {
  readonly traceId: string
  /** Name of the prompt of whatever calls the model: `agent.system`. */
  readonly base: string
  readonly version: string
  /** Makes its text, where that is needed. */
  readonly text: () => string
}

/** A version of a prompt that has a name. */
export interface KnownPrompt {
  readonly name: string
  readonly version: string
  readonly text: string
}

/** Prompts of one caller, and the names that they have. */
interface Family {
  /** The latest text of each name. */
  readonly texts: Map<string, string>
  readonly byVersion: Map<string, string>
}

const MOST_FAMILIES = 500
const MOST_TRACES = 10_000
const MOST_VERSIONS = 2_000
/** More prompts of one caller are told apart by likeness alone. */
const MOST_NAMES = 24
/** Texts with less in common than this are not versions of one prompt, where a caller has several. */
const LEAST_LIKENESS = 0.3

/**
 * Names the prompts that programs have no names for, after what calls the model. A caller's prompt keeps its name when
 * its text changes; texts that one run uses side by side are prompts of their own, and are known again by what they say.
 */
export class PromptNames {
  readonly #families = new Map<string, Family>()
  /** The version of each name that a trace has used. */
  readonly #traces = new Map<string, Map<string, string>>()

  /** Those whose prompts are not known: {@link learn} is to be called with what is stored of them. */
  unknown(bases: Iterable<string>): string[] {
    return [...new Set(bases)].filter((base) => !this.#families.has(base))
  }

  /** @param known versions with names that have these bases, the latest first. */
  learn(bases: readonly string[], known: readonly KnownPrompt[]): void {
    for (const base of bases) this.#familyOf(base)
    for (const prompt of known) {
      const family = this.#familyOf(baseOf(prompt.name))
      if (!family.texts.has(prompt.name)) {
        family.texts.set(prompt.name, prompt.text.slice(0, MOST_TEXT))
      }
      if (!family.byVersion.has(prompt.version)) family.byVersion.set(prompt.version, prompt.name)
    }
  }

  /** @returns the name of each prompt. Callers give the prompts of a trace in the order of their spans. */
  name(prompts: readonly PromptToName[]): string[] {
    // What is known by its version first: no other takes its name.
    const names = prompts.map((prompt) => this.#known(prompt))
    return prompts.map((prompt, index) => {
      const name = names[index] ?? this.#known(prompt) ?? this.#nameOf(prompt)
      this.#use(prompt, name)
      return name
    })
  }

  /** To be called when what is stored is no longer what was named here. */
  forget(): void {
    this.#families.clear()
    this.#traces.clear()
  }

  #known(prompt: PromptToName): string | undefined {
    const family = this.#familyOf(prompt.base)
    const used = this.#usedIn(prompt.traceId)
    const known = family.byVersion.get(prompt.version)
    if (known !== undefined && (used.get(known) ?? prompt.version) === prompt.version) {
      used.set(known, prompt.version)
      return known
    }
    if (used.size === 0) return undefined
    const text = shape(prompt.text())
    for (const name of used.keys()) {
      // A time or a number in it makes no prompt of its own.
      if (baseOf(name) === prompt.base && shape(family.texts.get(name) ?? '') === text) return name
    }
    return undefined
  }

  #nameOf(prompt: PromptToName): string {
    const { base } = prompt
    const { texts } = this.#familyOf(base)
    if (texts.size === 0) return base
    const used = this.#usedIn(prompt.traceId)
    const text = cut(prompt.text())
    const all = [...texts]
      .map(([name, latest]) => ({ name, like: likeness(text, latest) }))
      .sort((a, b) => b.like - a.like)
    const best = all.find(({ name }) => !used.has(name))
    if (best && (all.length === 1 || best.like >= LEAST_LIKENESS)) return best.name
    const nearest = best ?? all[0]
    return nearest && texts.size >= MOST_NAMES ? nearest.name : newName(base, text, texts)
  }

  #use({ traceId, base, version, text }: PromptToName, name: string): void {
    const family = this.#familyOf(base)
    if (family.byVersion.get(version) !== name) {
      family.texts.set(name, cut(text()))
      family.byVersion.set(version, name)
      dropOldest(family.byVersion, MOST_VERSIONS)
    }
    this.#usedIn(traceId).set(name, version)
  }

  #familyOf(base: string): Family {
    const known = this.#families.get(base)
    const family = known ?? { texts: new Map(), byVersion: new Map() }
    // The one that was used last comes last.
    if (known) this.#families.delete(base)
    this.#families.set(base, family)
    dropOldest(this.#families, MOST_FAMILIES)
    return family
  }

  #usedIn(traceId: string): Map<string, string> {
    const known = this.#traces.get(traceId)
    if (known) return known
    const used = new Map<string, string>()
    this.#traces.set(traceId, used)
    dropOldest(this.#traces, MOST_TRACES)
    return used
  }
}

/** A name by the words in which a text differs from the one that is most like it. */
function newName(base: string, text: string, texts: ReadonlyMap<string, string>): string {
  let like = -1
  let nearest = ''
  for (const latest of texts.values()) {
    const found = likeness(text, latest)
    if (found <= like) continue
    like = found
    nearest = latest
  }
  const words = differingWords(text, nearest).replace(/[^a-z-]+/g, '')
  for (let count = words === '' ? 2 : 1; ; count++) {
    const end = [words, count === 1 ? '' : String(count)].filter((part) => part !== '').join('-')
    if (!texts.has(`${base}.${end}`)) return `${base}.${end}`
  }
}

function cut(text: string): string {
  return text.slice(0, MOST_TEXT)
}

/** A text without what is another in each call: digits. */
function shape(text: string): string {
  return cut(text).replace(/\d+/g, '#')
}

function dropOldest<Key>(map: Map<Key, unknown>, most: number): void {
  while (map.size > most) {
    const [oldest] = map.keys()
    if (oldest === undefined) return
    map.delete(oldest)
  }
}
