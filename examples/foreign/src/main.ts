// `npm run foreign -- [NAME …]`: runs the programs of other frameworks, and says what is read of each. A NAME that both
// languages have runs both; npm:NAME or python:NAME runs one. With --write, the page docs/frameworks.md is written from that.
// With --keep FOLDER, the store of each is kept there.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { interpreterOf } from './interpreters.ts'
import { type Line, matrixOf } from './matrix.ts'
import { pageOf } from './page.ts'
import { clearName, named, type Program, programs } from './programs.ts'
import { readingOf } from './reading.ts'
import { runProgram } from './run-program.ts'

const { values: options, positionals: names } = argumentsOf()
if (options.keep !== undefined) mkdirSync(options.keep, { recursive: true })
const known = programs()
const unknown = names.filter((name) => named(name, known).length === 0)
if (unknown.length > 0) {
  const list = known.map((program) => clearName(program, known)).join(', ')
  console.error(`There is no program ${unknown.join(', ')}. There are: ${list}.`)
  process.exit(2)
}

/** Programs mostly wait and start: a few at once take much less time. */
const AT_ONCE = 3

const wanted = new Set(names.flatMap((name) => named(name, known)))
const chosen = names.length === 0 ? known : known.filter((program) => wanted.has(program))
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
    console.error('npm run foreign -- [NAME, npm:NAME or python:NAME …] [--write] [--keep FOLDER]')
    return process.exit(2)
  }
}

async function told(program: Program): Promise<Line> {
  const line = await lineOf(program)
  const name = clearName(program, known)
  console.error('missing' in line ? `${name}: not run, ${line.missing}` : `${name}: done`)
  const missing = 'reading' in line ? line.reading.edges.missing : []
  for (const step of missing) console.error(`  no edge ${step}`)
  if (missing.length > 0) {
    console.error('  (calls of the model are numbered in the order in which it was asked, from 1)')
  }
  return line
}

async function lineOf(program: Program): Promise<Line> {
  const { name, language } = program
  const interpreter = interpreterOf(program, {
    install: true,
    tell: (what) => console.error(`installing ${what}, once …`),
  })
  if ('missing' in interpreter) return { name, language, missing: interpreter.missing }
  try {
    const { about, exchanges, recorded } = await runProgram(program, {
      ...interpreter,
      ...(options.keep !== undefined && {
        db: join(resolve(options.keep), `${name}-${language}.duckdb`),
      }),
    })
    return { name, language, about, reading: readingOf(exchanges, recorded) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    console.error(reason)
    return { name, language, missing: 'it failed here' }
  }
}
