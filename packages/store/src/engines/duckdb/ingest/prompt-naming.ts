import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { groupBy, parameterVersion } from '@trace2/core'
import {
  baseOf,
  PromptNames,
  type PromptToName,
  type Renaming,
  storedBase,
  UNNAMED_PROMPT,
} from '../../../prompt-names/index.ts'
import { baseOfPrompt, type FoundPrompt } from '../../../reading/index.ts'
import { appendRows } from '../bulk/index.ts'
import { insertParameterVersions } from '../records/parameters.ts'
import { parseJson } from '../row.ts'
import { parameterUseTable, reading, rowWriter, unnamedPromptTable } from '../tables/index.ts'
import { nowNs } from '../time.ts'
import type { Collected } from './collected-spans.ts'
import { surroundingsOf } from './prompt-surroundings.ts'
import {
  among,
  decidedNames,
  forgetShown,
  keys,
  knownPrompts,
  knownUses,
  promptsWith,
  rename,
  textsOf,
  tracesSince,
} from './stored-prompts.ts'
import {
  allOfOne,
  LATEST,
  latestOfEach,
  PROMPTS_AT_ONCE,
  together,
  waitingIn,
} from './waiting-prompts.ts'

const nothing: ReadonlySet<string> = new Set()

/** A prompt with the JSON of its value. */
type ValuedPrompt = FoundPrompt & { readonly value: string }

/** A prompt of which the name is known. */
type NamedPrompt = ValuedPrompt & { readonly given: string }

const HOUR_NS = 3_600n * 1_000_000_000n
/** When nothing of a trace has come for so long, the spans around its calls are not waited for any more. */
const LONGEST_SILENCE_NS = HOUR_NS
/** How often prompts of which nothing has come are looked at. */
const LOOK_EVERY_NS = HOUR_NS / 60n
/** Where nobody reads, the prompts that wait are looked at when spans of so many traces have come. */
const MOST_TRACES = 20_000
/** A name may be parted so often in one transaction; what is left is parted in the next one. */
const MOST_ROUNDS = 24
/** Where nobody reads, the prompts that wait are looked at when there are so many new ones. */
const MOST_NEW = 2_048
const REMEMBERED = 20_000

const writeUse = rowWriter(parameterUseTable)
const writeUnnamed = rowWriter(unnamedPromptTable)
const readUnnamed = reading(unnamedPromptTable)

/**
 * Names the prompts that spans have no names for. A span ends, and comes, before those around it: its prompt is named
 * when the span that names it has come. Until then, prompts that are asked for are shown under the name that they would
 * have without it.
 */
export class PromptNaming {
  readonly #names = new PromptNames()
  /** Versions that are stored, as `name@version`. */
  readonly #stored = new Set<string>()
  #waiting: boolean
  /** Prompts that have begun to wait since the last look. */
  #fresh = 0
  /** Whether spans have come since the last look. */
  #stale = true
  /** Traces that had spans since the last look, where prompts wait. */
  readonly #heard = new Set<string>()
  /** Traces of which prompts wait, as far as these came to this process. */
  readonly #behind = new Set<string>()
  #lookedNs = 0n
  readonly #horizon: bigint
  /** Traces that others than this have written of, among those that may go on. */
  #earlier: ReadonlySet<string> | undefined

  /**
   * @param waiting whether there are prompts that wait.
   * @param horizon latest start of a span that was stored before.
   */
  constructor(waiting: boolean, horizon: bigint) {
    this.#waiting = waiting
    this.#horizon = horizon
  }

  /** Whether {@link settle} may have something to do. */
  get due(): boolean {
    return this.#waiting && (this.#stale || this.#isTime(nowNs()))
  }

  /** Whether so many wait that they are to be looked at though nobody reads. */
  get overdue(): boolean {
    return this.#fresh > MOST_NEW || this.#heard.size > MOST_TRACES
  }

  #isTime(now: bigint): boolean {
    return now - this.#lookedNs > LOOK_EVERY_NS
  }

  /** Names what can be named, and keeps the rest until more has come. Whoever rolls this back calls {@link forget}. */
  async insert(
    connection: DuckDBConnection,
    { prompts, values, times }: Pick<Collected, 'prompts' | 'values' | 'times'>,
  ): Promise<void> {
    this.#stale = true
    if (this.#waiting) for (const traceId of times.keys()) this.#heard.add(traceId)
    if (prompts.length === 0) return
    const behind = await this.#waitingAmong(connection, prompts)
    const all = prompts.map((prompt) => ({
      ...prompt,
      // What was called before comes first, whenever it came: it is named together with that.
      base: behind.has(prompt.traceId) ? null : prompt.base,
      value: values.get(prompt.version) ?? 'null',
    }))
    await this.#add(connection, await this.#named(connection, all))
    const left = all.filter(({ base }) => base === null)
    if (left.length === 0) return
    await appendRows(connection, unnamedPromptTable.name, left, writeUnnamed)
    this.#waiting = true
    this.#fresh += left.length
    for (const { traceId } of left) {
      this.#heard.add(traceId)
      this.#behind.add(traceId)
    }
    if (this.#behind.size > MOST_TRACES) this.#behind.clear()
  }

  /** Traces of prompts that could be named, of which others wait. */
  async #waitingAmong(
    connection: DuckDBConnection,
    prompts: readonly FoundPrompt[],
  ): Promise<ReadonlyMap<string, number>> {
    if (!this.#waiting) return new Map()
    const named = prompts.filter(({ base }) => base !== null)
    const may = [
      ...named.filter(({ traceId }) => this.#behind.has(traceId)),
      ...(await this.#storedBefore(connection, named)),
    ]
    return waitingIn(connection, [...new Set(may.map(({ traceId }) => traceId))])
  }

  /** Those whose traces others than this may have written of: another process, or this one a long time ago. */
  async #storedBefore<T extends Pick<FoundPrompt, 'traceId' | 'startNs'>>(
    connection: DuckDBConnection,
    prompts: readonly T[],
  ): Promise<T[]> {
    if (this.#horizon === 0n) return []
    const since = this.#horizon > HOUR_NS ? this.#horizon - HOUR_NS : 0n
    this.#earlier ??= new Set(await tracesSince(connection, since))
    const earlier = this.#earlier
    return prompts.filter(
      ({ traceId, startNs }) => startNs <= this.#horizon || earlier.has(traceId),
    )
  }

  /** Names the prompts that wait, as far as what names them has come; shows the others. */
  async settle(connection: DuckDBConnection): Promise<void> {
    const now = nowNs()
    const look = (rest: string, traceIds: readonly string[]) =>
      this.#look(connection, now, rest, traceIds)
    const waiting = await waitingIn(connection, [...this.#heard])
    for (const some of together(waiting)) {
      const { named } = await look(latestOfEach, some)
      // Of a trace with more, the others may have been waiting for the same span.
      for (const traceId of named) {
        if ((waiting.get(traceId) ?? 0) <= LATEST) continue
        while ((await look(allOfOne, [traceId])).named.size > 0);
      }
    }
    // What was not among these is shown from now on.
    for (let looked = PROMPTS_AT_ONCE; looked === PROMPTS_AT_ONCE; ) {
      looked = (await look('WHERE NOT shown ORDER BY start_ns', [])).looked
    }
    // Others may have waited long enough.
    if (this.#isTime(now)) await look('ORDER BY start_ns', [])
    const still = await waitingIn(connection, [...waiting.keys()])
    for (const traceId of this.#heard) if (!still.has(traceId)) this.#behind.delete(traceId)
    const left = await connection.runAndReadAll('SELECT 1 FROM unnamed_prompt LIMIT 1')
    this.#waiting = left.currentRowCount > 0
    this.#stale = false
    this.#fresh = 0
    this.#heard.clear()
    this.#lookedNs = now
  }

  /** Looks at some of the prompts that wait. @returns how many these are, and the traces of those that have names now. */
  async #look(
    connection: DuckDBConnection,
    now: bigint,
    rest: string,
    traceIds: readonly string[],
  ): Promise<{ readonly looked: number; readonly named: ReadonlySet<string> }> {
    const answer = await connection.runAndReadAll(
      `SELECT ${readUnnamed.select} FROM unnamed_prompt ${rest} LIMIT ${PROMPTS_AT_ONCE}`,
      traceIds.length > 0 ? [listValue([...traceIds])] : [],
      traceIds.length > 0 ? [LIST(VARCHAR)] : [],
    )
    const rows = answer.getRowObjectsJson().map((found) => {
      const row = readUnnamed.read(found)
      return {
        ...{ traceId: row.trace_id, spanId: row.span_id, startNs: row.start_ns },
        ...{ endNs: row.end_ns, role: row.role, name: row.name, version: row.version },
        ...{ caller: row.caller, value: row.value, shown: row.shown },
      }
    })
    if (rows.length === 0) return { looked: 0, named: new Set() }
    const { find, heardNs } = await surroundingsOf(connection, rows)
    const waiting = rows.map((prompt) => {
      const complete = now - (heardNs(prompt.traceId) ?? 0n) > LONGEST_SILENCE_NS
      return { ...prompt, base: baseOfPrompt(prompt, find, complete) }
    })
    const ready = waiting.filter(({ base }) => base !== null)
    const hidden = waiting.filter(({ base, shown }) => base === null && !shown)
    await forgetShown(
      connection,
      ready.filter(({ shown }) => shown),
    )
    await this.#add(connection, await this.#named(connection, ready))
    await this.#add(
      connection,
      hidden.map((prompt) => ({ ...prompt, given: prompt.name })),
    )
    await connection.run(`DELETE FROM unnamed_prompt WHERE ${among}`, ...keys(ready))
    await connection.run(`UPDATE unnamed_prompt SET shown = true WHERE ${among}`, ...keys(hidden))
    return { looked: rows.length, named: new Set(ready.map(({ traceId }) => traceId)) }
  }

  /** To be called when what was written is not stored after all, or no more. */
  forget(): void {
    this.#names.forget()
    this.#stored.clear()
    this.#waiting = true
    this.#stale = true
  }

  async #named(
    connection: DuckDBConnection,
    prompts: readonly ValuedPrompt[],
  ): Promise<NamedPrompt[]> {
    const asked = prompts
      .flatMap((prompt) => (prompt.base === null ? [] : [{ prompt, base: prompt.base }]))
      .sort((a, b) => Number(a.prompt.startNs - b.prompt.startNs))
    const toName = await this.#learned(
      connection,
      asked.map(({ prompt: { traceId, version, value }, base }) => ({
        ...{ traceId, base, version },
        text: () => String(parseJson(value)),
      })),
    )
    await this.#learnRuns(
      connection,
      asked.map(({ prompt }) => prompt),
    )
    await this.#part(connection, toName)
    const names = this.#names.name(toName)
    return asked.map(({ prompt }, index) => ({ ...prompt, given: names[index] ?? prompt.name }))
  }

  /** What is stored of the callers of prompts, and of their texts, which others may have put in. */
  async #learned(
    connection: DuckDBConnection,
    prompts: readonly PromptToName[],
  ): Promise<readonly PromptToName[]> {
    await this.#learn(
      connection,
      prompts.map(({ base }) => base),
    )
    const unknown = new Set(this.#names.unknownVersions(prompts))
    const nameless = prompts.filter(({ base }) => base.startsWith(UNNAMED_PROMPT))
    const trimmed = trimmedVersions(nameless.filter(({ version }) => unknown.has(version)))
    const stored = await promptsWith(connection, [...unknown, ...trimmed.values()])
    if (stored.length === 0) return prompts
    const byVersion = groupBy(stored, ({ version }) => version)
    const withText = (version: string | undefined) => byVersion.get(version ?? '') ?? []
    const based = prompts.map((prompt) => {
      const { base, version } = prompt
      const same = [...withText(version), ...withText(trimmed.get(version))]
      return { ...prompt, base: storedBase(base, same) }
    })
    await this.#learn(
      connection,
      based.map(({ base }) => base),
    )
    this.#names.learnVersions(stored)
    return based
  }

  async #learn(connection: DuckDBConnection, bases: readonly string[]): Promise<void> {
    const unknown = this.#names.unknown(bases)
    if (unknown.length > 0) this.#names.learn(unknown, await knownPrompts(connection, unknown))
  }

  /** What is stored of what runs have used. */
  async #learnRuns(
    connection: DuckDBConnection,
    prompts: readonly Pick<FoundPrompt, 'traceId' | 'startNs'>[],
  ): Promise<void> {
    const stored = await this.#storedBefore(connection, prompts)
    const runs = this.#names.unknownRuns(stored.map(({ traceId }) => traceId))
    const uses = await knownUses(connection, runs)
    if (uses.length === 0) return
    await this.#learn(
      connection,
      uses.map(({ name }) => baseOf(name)),
    )
    this.#names.learnRuns(uses)
  }

  /** Parts names that turn out to be those of several prompts, and joins those that are of one. */
  async #part(connection: DuckDBConnection, prompts: readonly PromptToName[]): Promise<void> {
    const renamings: Renaming[] = this.#names.note(prompts)
    for (const renaming of renamings) await rename(connection, renaming)
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const found = this.#names.conflicts(prompts)
      const decided = found.length === 0 ? nothing : await decidedNames(connection)
      const conflicts = found.filter(({ name }) => !decided.has(name))
      if (conflicts.length === 0) break
      for (const conflict of conflicts) {
        const { name, kept, parted } = conflict
        const renaming = this.#names.part(conflict, await textsOf(connection, name, [kept, parted]))
        renamings.push(renaming)
        await rename(connection, renaming)
      }
    }
    if (renamings.length > 0) this.#stored.clear()
  }

  async #add(connection: DuckDBConnection, prompts: readonly NamedPrompt[]): Promise<void> {
    if (prompts.length === 0) return
    await appendRows(connection, parameterUseTable.name, prompts, (row, prompt) => {
      const { given: name, version, role } = prompt
      writeUse(row, { record: prompt, use: { name, version, propensity: null, role } })
    })
    const fresh = prompts.filter(({ given, version }) => !this.#stored.has(`${given}@${version}`))
    if (fresh.length === 0) return
    await insertParameterVersions(
      connection,
      fresh.map(({ given: name, version, value, startNs }) => ({
        ...{ name, version, value, valueKind: 'text' as const, trainable: true },
        ...{ description: '', schema: null, firstSeenNs: startNs },
      })),
    )
    if (this.#stored.size > REMEMBERED) this.#stored.clear()
    for (const { given, version } of fresh) this.#stored.add(`${given}@${version}`)
  }
}

/** What a text would be as a version without the space around it, which comes and goes where it is put into code. */
function trimmedVersions(prompts: readonly PromptToName[]): Map<string, string> {
  const versions = new Map<string, string>()
  for (const { version, text } of prompts) {
    const whole = text()
    const trimmed = whole.trim()
    if (trimmed !== whole) versions.set(version, parameterVersion(trimmed))
  }
  return versions
}
