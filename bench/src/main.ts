// `npm run bench -- [name …] [--runs N] [--baseline FILE] [--save FILE]`: repeats the named measurements, or the usual ones, each in a
// process of its own, and prints medians and spreads beside those that were saved.
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describe, thisMachine } from './harness/machine.ts'
import { measureApart, ONCE } from './harness/repeat.ts'
import { readSaved, save } from './harness/saved.ts'
import { type Series, seriesOf } from './harness/series.ts'
import { comparison } from './harness/table.ts'
import { measurements, usual } from './measurements.ts'

if (process.argv[2] === ONCE) {
  const measure = await measurements[process.argv[3] ?? '']?.load()
  await measure?.()
  // A message to the other process is sent before this one ends.
  process.disconnect?.()
} else await main()

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string' },
      baseline: { type: 'string', default: baselineFile() },
      save: { type: 'string' },
      list: { type: 'boolean' },
    },
  })
  if (values.list) return list()
  const names = positionals.length > 0 ? positionals : usual
  const unknown = names.filter((name) => !measurements[name])
  const runs = values.runs === undefined ? undefined : Number(values.runs)
  if (unknown.length > 0 || (runs !== undefined && !(Number.isSafeInteger(runs) && runs > 0))) {
    console.error(
      unknown.length > 0
        ? `There is no measurement ${unknown.join(', ')}.`
        : `--runs takes a whole number above 0, and not ${values.runs}.`,
    )
    list()
    process.exitCode = 2
    return
  }
  const machine = thisMachine()
  console.log(describe(machine))
  const baseline = readSaved(values.baseline)
  const measured: Record<string, readonly Series[]> = {}
  for (const name of names) {
    const times = runs ?? measurements[name]?.runs ?? 1
    const repetitions = []
    for (let n = 1; n <= times; n++) {
      console.log(`\n${name}, ${n} of ${times}`)
      repetitions.push(await measureApart(name))
    }
    const series = seriesOf(repetitions)
    if (series.length > 0) measured[name] = series
  }
  console.log()
  for (const [name, series] of Object.entries(measured)) {
    console.log(comparison(name, series, machine, baseline).join('\n'))
  }
  if (values.save !== undefined) save(values.save, { machine, measurements: measured })
}

function list(): void {
  console.log('Measurements, of which those with a star are the usual ones:')
  for (const [name, { says }] of Object.entries(measurements)) {
    console.log(`${usual.includes(name) ? '*' : ' '} ${name.padEnd(16)} ${says}`)
  }
}

function baselineFile(): string {
  return fileURLToPath(new URL('../baseline.json', import.meta.url))
}
