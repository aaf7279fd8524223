// Loaded into a command with `--import`: kills it before or after the step of a number, as a power cut would, and writes
// down the steps that it comes to. Steps are what changes something beside a parameters file or in a store.
import { appendFileSync } from 'node:fs'
import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { DuckDBConnection } from '@duckdb/node-api'

const { KILL_AT, KILL_LOG } = process.env
let steps = 0

function step(name) {
  appendFileSync(KILL_LOG, `${name}\n`)
  if (++steps === Number(KILL_AT)) process.kill(process.pid, 'SIGKILL')
}

/** Does something between two steps. */
async function between(name, work) {
  step(`before ${name}`)
  const result = await work()
  step(`after ${name}`)
  return result
}

/** A path as it is told, whatever its random part. */
const named = (path) =>
  String(path)
    .replace(/^.*\/(?=[^/]*$)/, '')
    .replace(/[0-9a-f]{12}/, 'x')

for (const name of ['writeFile', 'link', 'rename', 'rm', 'open']) {
  const original = files[name]
  files[name] = (path, ...rest) => {
    const isOurs = String(path).includes('.json')
    const isReading = name === 'open' && rest[0] !== 'wx'
    const work = () => original(path, ...rest)
    return isOurs && !isReading ? between(`${name} ${named(path)}`, work) : work()
  }
}
syncBuiltinESMExports()

const run = DuckDBConnection.prototype.run
let changed = ''
DuckDBConnection.prototype.run = function (sql, ...rest) {
  const work = () => run.call(this, sql, ...rest)
  if (sql === 'BEGIN TRANSACTION') changed = ''
  const change =
    /^\s*(?:INSERT(?: OR \w+)? INTO|UPDATE) (proposal|decision|deployment|parameter_version)\b/.exec(
      sql,
    )
  if (change) changed = change[1]
  return sql === 'COMMIT' && changed !== '' ? between(`commit ${changed}`, work) : work()
}

const request = globalThis.fetch
globalThis.fetch = (address, ...rest) => {
  const method = /\/api\/v1\/((?:begin|end|decide|add)\w+)$/.exec(String(address))?.[1]
  const work = () => request(address, ...rest)
  return method ? between(`call ${method}`, work) : work()
}
