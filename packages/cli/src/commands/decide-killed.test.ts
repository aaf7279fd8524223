import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startCollector } from '@trace2/collector'
import { accept, reject, rollback } from '@trace2/optimizer'
import { openStore, type Store } from '@trace2/store'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  expectNothingBeside,
  expectSound,
  propose,
} from '../../../optimizer/src/testing/decisions.ts'
import { command, temporaryDirectory } from '../testing/command.ts'

// Commands as a user gives them are killed with SIGKILL at each step, or decide the same at once.

/** `TRACE2_FAULTS=100` is the full length: every step, followed by every command. */
const FAULTS = Number(process.env.TRACE2_FAULTS ?? 3)
const isFull = FAULTS >= 100
const binary = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const preload = fileURLToPath(
  new URL('../../../store/src/engines/duckdb/testing/kill-at.mjs', import.meta.url),
)

type Act = (store: Store, name: string, file: string) => Promise<unknown>
const acts: Record<string, Act> = {
  accept: (store, name, file) => accept(store, [`p-${name}-after`], { file }),
  reject: (store, name) => reject(store, `p-${name}-after`),
  rollback: (store, name, file) => rollback(store, name, { file }),
}
const next = Object.entries(acts)
const words: Record<string, (name: string) => string[]> = {
  accept: (name) => ['accept', `p-${name}-after`],
  reject: (name) => ['reject', `p-${name}-after`],
  rollback: (name) => ['rollback', name],
}

interface Workplace {
  readonly cwd: string
  readonly file: string
  /** What `--db` is. */
  readonly db: string
  withStore<T>(use: (store: Store) => Promise<T>): Promise<T>
}

/** Each use opens the file, which a command has open otherwise. */
async function embedded(): Promise<Workplace> {
  const cwd = realpathSync(temporaryDirectory())
  const db = join(cwd, 'trace2.duckdb')
  const withStore = async <T>(use: (store: Store) => Promise<T>) => {
    await using store = await openStore(db)
    return await use(store)
  }
  return { cwd, file: join(cwd, 'trace2.parameters.json'), db, withStore }
}

async function collected(): Promise<Workplace> {
  const cwd = realpathSync(temporaryDirectory())
  const collector = await startCollector({ db: join(cwd, 'trace2.duckdb'), port: 0 })
  onTestFinished(() => collector.close())
  const file = join(cwd, 'trace2.parameters.json')
  return { cwd, file, db: collector.url, withStore: (use) => use(collector.store) }
}

/** Runs a command to its end, or until it is killed at a step; returns the steps that it came to. */
async function killed({ cwd, db }: Workplace, args: readonly string[], at: number) {
  const log = join(cwd, 'steps.log')
  rmSync(log, { force: true })
  const env = { NODE_OPTIONS: `--import=${preload}`, KILL_AT: String(at), KILL_LOG: log }
  const { code, err } = await command([...args, '--db', db], { cwd, env })
  const steps = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  return { code, err, steps }
}

describe.each([
  ['on a database', embedded],
  ['through a collector', collected],
])('%s', (where, workplace) => {
  it.each(Object.keys(acts))(
    '%s that is killed at any step is put right by the next command',
    { timeout: 1_200_000 },
    async (act) => {
      const place = await workplace()
      let round = 0
      const prepared = async () => {
        const name = `text.${round++}`
        await place.withStore(async (store) => {
          await propose(store, name)
          if (act === 'rollback') await acts.accept?.(store, name, place.file)
        })
        return name
      }
      const args = (name: string) => words[act]?.(name) ?? []
      const whole = await killed(place, args(await prepared()), 0)
      expect(whole).toMatchObject({ code: 0 })
      const told = whole.steps.join('\n')
      const kind = where === 'on a database' ? 'commit' : 'call'
      expect(told).toContain(kind)
      if (act !== 'reject') expect(told).toContain('after rename trace2.parameters.json.x.tmp')
      expect(whole.steps.length).toBeGreaterThan(act === 'reject' ? 1 : 11)
      for (const [index, step] of whole.steps.entries()) {
        // In short: what changes the store or the file, and each following command in turn.
        if (!isFull && !/commit|call|rename|link/.test(step)) continue
        for (const [turn, [, following]] of next.entries()) {
          if (!isFull && turn !== index % next.length) continue
          const name = await prepared()
          const { code, err, steps } = await killed(place, args(name), index + 1)
          expect({ code, err, step }).toEqual({ code: null, err: expect.any(String), step })
          expect(steps).toEqual(whole.steps.slice(0, index + 1))
          await place.withStore(async (store) => {
            await following(store, name, place.file).catch(({ code }) => {
              expect(code).toMatch(/^T2_(PROPOSAL_CLOSED|PROPOSAL_CONFLICT|NOTHING_TO_ROLL_BACK)$/)
            })
            await expectSound(store, name, [place.file])
            // A rejection asks for no file; who does next takes away what was left beside it.
            if (following === acts.reject) {
              await propose(store, `${name}.other`)
              await acts.accept?.(store, `${name}.other`, place.file)
            }
            await expectNothingBeside(place.file)
          })
        }
      }
    },
  )
})

describe('commands at the same time', () => {
  interface Pair {
    readonly args: (name: string) => readonly (readonly string[])[]
    /** How the two end, in order of their codes. */
    readonly codes: readonly number[]
    readonly isAccepted?: true
  }
  const into = (file: string) => ['--parameters', file]
  const pairs: Record<string, Pair> = {
    'accept the same proposal': {
      args: (name) => [words.accept?.(name) ?? [], words.accept?.(name) ?? []],
      codes: [0, 1],
    },
    'accept the same proposal into two files': {
      args: (name) => [
        ['accept', `p-${name}-after`, ...into('one.json')],
        ['accept', `p-${name}-after`, ...into('two.json')],
      ],
      codes: [0, 1],
    },
    'accept two proposals for one parameter': {
      args: (name) => [
        ['accept', `p-${name}-after`],
        ['accept', `p-${name}-rather`],
      ],
      codes: [0, 1],
    },
    'accept and reject': {
      args: (name) => [words.accept?.(name) ?? [], words.reject?.(name) ?? []],
      codes: [0, 1],
    },
    'accept and roll back': {
      args: (name) => [
        ['accept', `p-${name}-later`],
        ['rollback', name],
      ],
      codes: [0, 0],
      isAccepted: true,
    },
    'roll back': {
      args: (name) => [
        ['rollback', name],
        ['rollback', name],
      ],
      codes: [0, 1],
      isAccepted: true,
    },
  }

  it.each(Object.entries(pairs))(
    'that %s end as if one had come after the other',
    { timeout: 600_000 },
    async (what, { args, codes, isAccepted }) => {
      const place = await collected()
      for (let round = 0; round < (isFull ? 20 : 2); round++) {
        const name = `text.${round}`
        await place.withStore(async (store) => {
          await propose(store, name, ['after', 'rather'])
          if (!isAccepted) return
          await acts.accept?.(store, name, place.file)
          await propose(store, name, ['later'], 'after')
        })
        const ended = await Promise.all(
          args(name).map((words) => command([...words, '--db', place.db], { cwd: place.cwd })),
        )
        const found = ended.map(({ code }) => Number(code)).sort((a, b) => a - b)
        // A rollback that comes first leaves nothing that the acceptance was made for.
        const isPossible = what === 'accept and roll back' ? [codes, [0, 1]] : [codes]
        expect(isPossible).toContainEqual(found)
        const files = [place.file, join(place.cwd, 'one.json'), join(place.cwd, 'two.json')]
        await place.withStore((store) => expectSound(store, name, files))
      }
    },
  )

  it('on a database that only one of them can open end so as well', async () => {
    const place = await embedded()
    await place.withStore((store) => propose(store, 'text.a', ['after', 'rather']))
    const ended = await Promise.all(
      ['after', 'rather'].map((value) =>
        command(['accept', `p-text.a-${value}`, '--db', place.db], { cwd: place.cwd }),
      ),
    )
    expect(ended.map(({ code }) => Number(code)).sort()).toEqual([0, 1])
    await place.withStore((store) => expectSound(store, 'text.a', [place.file]))
  })
})

const limits = spawnSync('prlimit', ['--fsize=1000:', 'true']).status === 0

describe('a disk that takes no more', () => {
  it.runIf(limits)(
    'leaves the file as it is and the proposal open; the same command works later',
    async () => {
      const place = await collected()
      const value = 'word '.repeat(1000)
      const [id = ''] = await place.withStore((store) => propose(store, 'text.a', [value]))
      const args = [binary, 'accept', id, '--marked', '--db', place.db]
      const full = spawn('prlimit', ['--fsize=2000:', process.execPath, ...args], {
        cwd: place.cwd,
      })
      let err = ''
      full.stderr.on('data', (chunk) => {
        err += chunk
      })
      const [code] = await once(full, 'close')
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringContaining('T2_PARAMETERS_UNWRITABLE'),
      })
      expect(existsSync(place.file)).toBe(false)
      await place.withStore((store) => expectSound(store, 'text.a', [place.file]))
      await expectNothingBeside(place.file)
      const again = await command(args.slice(1), { cwd: place.cwd })
      expect(again).toMatchObject({ code: 0 })
      await place.withStore((store) => expectSound(store, 'text.a', [place.file]))
    },
  )
})

describe('a decision that is not finished', () => {
  it('is told by status and doctor, and finished by the next command, which says so', async () => {
    const place = await embedded()
    await place.withStore(async (store) => {
      await propose(store, 'text.a')
      await propose(store, 'text.b')
    })
    const whole = await killed(place, ['accept', 'p-text.b-after'], 0)
    const at = whole.steps.indexOf('after commit proposal') + 1
    expect(whole.steps).toContain('after commit proposal')
    await killed(place, ['accept', 'p-text.a-after'], at)
    const run = (...args: string[]) => command([...args, '--db', place.db], { cwd: place.cwd })
    const status = JSON.parse((await run('status', '--json')).out)
    expect(status.problems).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        message: expect.stringMatching(
          /^The acceptance of p-text\.a-after into .* is not finished/,
        ),
      }),
    )
    expect((await run('doctor')).out).toContain('1 acceptance or rollback is not finished.')
    const all = await run('accept', '--all')
    expect(all.code).toBe(0)
    expect(all.err.replace(/\s+/g, ' ')).toContain(
      'had been interrupted. It is finished now: p-text.a-after (text.a).',
    )
    expect(JSON.parse((await run('status', '--json')).out).problems).not.toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('not finished') }),
    )
    await place.withStore((store) => expectSound(store, 'text.a', [place.file]))
  })
})
