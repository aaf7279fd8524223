// `npm run foreign -- [NAME …]`: runs the programs of other frameworks, and says what is read of each. With --write, the page
// docs/frameworks.md is written from that. With --keep FOLDER, the store of each is kept there.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { interpreterOf } from './interpreters.ts'
import { type Line, matrixOf } from './matrix.ts'
import { pageOf } from './page.ts'
import { type Program, programs } from './programs.ts'
import { readingOf } from './reading.ts'
import { runProgram } from './run-program.ts'

const { values: options, positionals: names } = argumentsOf()
if (options.keep !== undefined) mkdirSync(options.keep, { recursive: true })
const known = programs()
const unknown = names.filter((name) => known.every((program) => program.name !== name))
if (unknown.length > 0) {
  const list = known.map(({ name }) => name).join(', ')
  console.error(`There is no program ${unknown.join(', ')}. There are: ${list}.`)
  process.exit(2)
}

/** Programs mostly wait and start: a few at once take much less time. */
const AT_ONCE = 3

const chosen = known.filter(({ name }) => names.length === 0 || names.includes(name))
const lines: Line[] = []
const waiting = [...chosen.entries()]
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, program] = next
      lines[at] = await told(program)
    }
  }),
)
console.log(matrixOf(lines))
if (options.write) {
  const page = fileURLToPath(new URL('../../../docs/frameworks.md', import.meta.url))
  writeFileSync(page, pageOf(lines))
}

function argumentsOf() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { write: { type: 'boolean' }, keep: { type: 'string' } },
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error('npm run foreign -- [NAME …] [--write] [--keep FOLDER]')
    return process.exit(2)
  }
}

async function told(program: Program): Promise<Line> {
  const line = await lineOf(program)
  console.error('missing' in line ? `${line.name}: not run, ${line.missing}` : `${line.name}: done`)
  if ('reading' in line) {
    for (const step of line.reading.edges.missing) console.error(`  no edge ${step}`)
  }
  return line
}

async function lineOf(program: Program): Promise<Line> {
  const interpreter = interpreterOf(program, { install: true })
  if ('missing' in interpreter) return { name: program.name, missing: interpreter.missing }
  try {
    const { about, exchanges, recorded } = await runProgram(program, {
      ...interpreter,
      ...(options.keep !== undefined && {
        db: join(resolve(options.keep), `${program.name}-${program.language}.duckdb`),
      }),
    })
    return { name: program.name, about, reading: readingOf(exchanges, recorded) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.error(reason)
    return { name: program.name, missing: 'it failed here' }
  }
}
