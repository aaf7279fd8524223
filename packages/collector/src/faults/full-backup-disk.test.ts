import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'

const directory = temporaryDirectory()

/** Backs up twice onto a disk of 256 KiB, the second time more than it has room for, and restores what is there. */
const program = `
  import { randomBytes } from 'node:crypto'
  import { readdirSync } from 'node:fs'
  import { backUp, restore } from '@trace2/collector'
  import { openStore } from '@trace2/store'
  const [db, backup, restored] = process.argv.slice(1)
  const store = await openStore(db)
  const add = (comment) =>
    store.addFeedback({ traceId: 'a'.repeat(32), spanId: null, name: 'tone', comment })
  await add('first')
  await backUp(store, backup)
  await add(randomBytes(400_000).toString('base64'))
  const failure = await backUp(store, backup).catch(({ code, message }) => ({ code, message }))
  await store.close()
  await restore(backup, restored)
  const copy = await openStore(restored)
  const comments = (await copy.feedback()).map(({ comment }) => comment)
  await copy.close()
  const left = readdirSync(backup).filter((name) => name.endsWith('.json.tmp'))
  console.log(JSON.stringify({ failure, comments, left }))`

const mounted = 'mount -t tmpfs -o size=256k trace2 "$1" && shift && exec "$@"'

function within(place: string, ...command: readonly string[]) {
  return ['-rm', 'sh', '-c', mounted, 'sh', place, ...command]
}

const canMount = spawnSync('unshare', within(directory, 'true')).status === 0

it.skipIf(!canMount)('a full disk costs the new backup, and leaves the earlier one whole', () => {
  const disk = join(directory, 'disk')
  mkdirSync(disk)
  const paths = [join(directory, 'x.duckdb'), join(disk, 'backup'), join(directory, 'y.duckdb')]
  const node = [process.execPath, '--input-type=module', '-e', program, ...paths]
  const out = execFileSync('unshare', within(disk, ...node), { encoding: 'utf8' })
  expect(JSON.parse(out)).toEqual({
    failure: {
      code: 'T2_BACKUP_DIRECTORY',
      message: expect.stringMatching(/Cannot write to .*ENOSPC/),
    },
    comments: ['first'],
    left: [],
  })
})
