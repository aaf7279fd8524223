import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { collectorCommand, startChildCollector } from '../testing/child-collector.ts'

const directory = temporaryDirectory()
/** A file system in memory, of a name space of its own, with a copy of a directory; then nobody may write to it. */
const MOUNT = `
  mount -t tmpfs -o size=128m trace2 "$2" && cp -r "$1/." "$2" && mount -o remount,ro "$2" && shift 2 && exec "$@"`
const mayMount = process.platform === 'linux' && spawnSync('unshare', ['-rm', 'true']).status === 0

it.skipIf(!mayMount)(
  'ends with an error that says so, on a disk that came back read-only',
  async () => {
    const db = join(directory, 'writable', 'x.duckdb')
    mkdirSync(dirname(db))
    await (await startChildCollector({ db })).stop()
    const place = join(directory, 'read-only')
    mkdirSync(place)
    const within = ['unshare', '-rm', 'sh', '-c', MOUNT, 'sh', dirname(db), place]
    const [command, ...args] = collectorCommand({ db: join(place, 'x.duckdb'), within })
    const { status, stderr, stdout } = spawnSync(command, args, {
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(stdout).toBe('')
    expect(status).toBe(1)
    expect(stderr).toMatch(/T2_(JOURNAL_WRITE|STORE_OPEN)/)
    expect(stderr).toMatch(/read-only/i)
  },
)
