import { dropOldest, Family } from './family.ts'
import { type NumberForms, numberForms } from './number-forms.ts'
import { LatestRuns } from './run-uses.ts'
import { baseOf } from './words.ts'

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

/** A version that a run has used under a name. */
export interface KnownUse {
  readonly traceId: string
  readonly name: string
  readonly version: string
}

/** Two versions of one name that a run uses side by side: they are two prompts. */
export interface Conflict {
  readonly base: string
  readonly name: string
  /** The version that was seen first, and keeps the name. */
  readonly kept: string
  readonly parted: string
}

/** Versions that have another name from now on. */
export interface Renaming {
  readonly from: string
  readonly to: string
  readonly versions: readonly string[]
}

const MOST_FAMILIES = 500

/**
 * Names the prompts that programs have no names for, after what calls the model. A caller's prompt keeps its name when
 * its text changes; texts that one run uses side by side are prompts of their own, and are known again by what they say.
 * A version has one name: when a run shows that two versions of a name are two prompts, one of them takes its history along.
 */
export class PromptNames {
  readonly #families = new Map<string, Family>()
  readonly #runs = new LatestRuns()

  /** Those whose prompts are not known: {@link learn} is to be called with what is stored of them. */
  unknown(bases: Iterable<string>): string[] {
    return [...new Set(bases)].filter((base) => !this.#families.has(base))
  }

  /** Those runs of which nothing is known: {@link learnRuns} may be called with what is stored of them. */
  unknownRuns(traceIds: Iterable<string>): string[] {
    return [...new Set(traceIds)].filter((traceId) => !this.#runs.has(traceId))
  }

  /** @param known versions with names that have these bases, the latest first. */
  learn(bases: readonly string[], known: readonly KnownPrompt[]): void {
    for (const base of bases) this.#familyOf(base)
    for (const prompt of known.toReversed()) {
      this.#familyOf(baseOf(prompt.name)).add(prompt.name, prompt.version, prompt.text)
    }
  }

  /** Versions that have no name yet. */
  unknownVersions(prompts: readonly Pick<PromptToName, 'base' | 'version'>[]): string[] {
    const unknown = prompts.filter(
      ({ base, version }) => !this.#families.get(base)?.versionOf(version),
    )
    return [...new Set(unknown.map(({ version }) => version))]
  }

  /** @param known versions that may have been stored since {@link learn} was called. */
  learnVersions(known: readonly KnownPrompt[]): void {
    for (const { name, version, text } of known) {
      this.#families.get(baseOf(name))?.add(name, version, text)
    }
  }

  /** @param uses in the order of the calls; {@link learn} has been called of their names. */
  learnRuns(uses: readonly KnownUse[]): void {
    for (const { traceId, name, version } of uses) {
      const base = baseOf(name)
      const run = this.#runs.of(traceId)
      run.names.set(name, version)
      const forms = this.#families.get(base)?.versionOf(version)
      if (forms) run.note(base, forms)
    }
  }

  /** Versions of one name that runs use side by side with these prompts, no more than one pair of each name. */
  conflicts(prompts: readonly PromptToName[]): Conflict[] {
    const found = new Map<string, Conflict>()
    const seen = new Map<string, string>()
    for (const { traceId, base, version } of prompts) {
      const family = this.#familyOf(base)
      const known = family.versionOf(version)
      if (!known || found.has(known.name)) continue
      const use = `${traceId} ${known.name}`
      const other = seen.get(use) ?? this.#runs.of(traceId).names.get(known.name) ?? version
      seen.set(use, other)
      const side = family.versionOf(other)
      if (!side || side.name !== known.name || family.isFull || family.isSame(known, side)) continue
      const [kept, parted] = known.age < side.age ? [version, other] : [other, version]
      found.set(known.name, { base, name: known.name, kept, parted })
    }
    return [...found.values()]
  }

  /** @param texts those of all versions of the name. */
  part({ base, name, kept, parted }: Conflict, texts: ReadonlyMap<string, string>): Renaming {
    const { to, versions } = this.#familyOf(base).split(base, [kept, parted], texts)
    this.#runs.rename(name, to, new Set(versions))
    return { from: name, to, versions }
  }

  /** Notes what runs use. @returns the versions of texts into which programs turn out to fill numbers: they are one prompt. */
  note(prompts: readonly PromptToName[]): Renaming[] {
    const forms = new Map<string, NumberForms>()
    const counted = prompts.map((prompt) => {
      const { traceId, base, version, text } = prompt
      const known = this.#familyOf(base).versionOf(version) ?? forms.get(version)
      const found = known ?? numberForms(text())
      forms.set(version, found)
      this.#runs.of(traceId).note(base, found)
      return { ...prompt, any: found.any }
    })
    return counted.flatMap(({ traceId, base, any }) => {
      const family = this.#familyOf(base)
      if (family.isFilled(any) || !this.#runs.of(traceId).isCounted(base, any)) return []
      const { to, from } = family.fill(any)
      return [...from].map(([name, versions]) => {
        this.#runs.rename(name, to, new Set(versions))
        return { from: name, to, versions }
      })
    })
  }

  /**
   * Callers give the prompts of a trace in the order of their spans, after {@link note} and when they have solved the
   * {@link conflicts}.
   *
   * @returns the name of each prompt.
   */
  name(prompts: readonly PromptToName[]): string[] {
    const names = new Map<string, string>()
    const fresh = new Map<string, Map<string, PromptToName>>()
    // What is known by its version first: no other takes its name.
    for (const prompt of prompts) {
      const { traceId, base, version } = prompt
      const name = this.#familyOf(base).nameOf(version)
      if (name === undefined) {
        const use = `${traceId} ${base}`
        const others = fresh.get(use) ?? new Map()
        fresh.set(use, others.set(version, prompt))
      } else {
        this.#runs.of(traceId).names.set(name, version)
        names.set(`${version} ${base}`, name)
      }
    }
    for (const ofRun of fresh.values()) {
      for (const prompt of this.#nearestFirst([...ofRun.values()])) {
        names.set(`${prompt.version} ${prompt.base}`, this.#nameOfNew(prompt))
      }
    }
    return prompts.map(({ base, version }) => names.get(`${version} ${base}`) ?? base)
  }

  /** To be called when what is stored is no longer what was named here. */
  forget(): void {
    this.#families.clear()
    this.#runs.clear()
  }

  /** New texts of a run: what is most like a known one is named first, so that no other takes its name. */
  #nearestFirst(prompts: readonly PromptToName[]): readonly PromptToName[] {
    if (prompts.length < 2) return prompts
    return prompts
      .map((prompt) => ({ prompt, near: this.#familyOf(prompt.base).nearness(prompt.text()) }))
      .sort((a, b) => b.near - a.near)
      .map(({ prompt }) => prompt)
  }

  #nameOfNew({ traceId, base, version, text }: PromptToName): string {
    const family = this.#familyOf(base)
    const { names } = this.#runs.of(traceId)
    const name = family.nameOf(version) ?? chosen()
    names.set(name, version)
    return name

    function chosen(): string {
      const whole = text()
      const forms = numberForms(whole)
      const isFree = (one: string) => {
        const other = family.versionOf(names.get(one) ?? '')
        return !names.has(one) || (other !== undefined && family.isSame(other, forms))
      }
      const byForm = family.nameByForm(forms)
      const found =
        byForm !== undefined && isFree(byForm)
          ? byForm
          : family.nameOfNew(base, whole, (one) => names.has(one))
      family.add(found, version, whole, forms)
      return found
    }
  }

  #familyOf(base: string): Family {
    const known = this.#families.get(base)
    const family = known ?? new Family()
    // The one that was used last comes last.
    if (known) this.#families.delete(base)
    this.#families.set(base, family)
    dropOldest(this.#families, MOST_FAMILIES)
    return family
  }
}
