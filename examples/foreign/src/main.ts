import { interpreterOf } from './interpreters.ts'
import { programs } from './programs.ts'
import { readingOf } from './reading.ts'
import { runProgram } from './run-program.ts'

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const keep = process.env.FOREIGN_KEEP
for (const program of programs()) {
  if (names.length > 0 && !names.includes(program.name)) continue
  const command = interpreterOf(program)
  try {
    const run = await runProgram(program, { command, ...(keep && { keep }) })
    const r = readingOf(run.exchanges, run.recorded)
    const s = (x: { found: number; of: number; sent: boolean }) =>
      `${x.found}/${x.of}${x.found < x.of ? (x.sent ? ' NOT READ' : ' not sent') : ''}`
    console.log(
      `${program.name} ${run.about.version}: spans ${run.recorded.spans.length} calls ${s(r.modelCalls)} ${r.modelCalls.missing} tools ${s(r.toolCalls)} edges ${s(r.edges)} prompts ${s(r.prompts)} [${r.promptNames}] other [${r.otherNames}] tooldefs ${s(r.tools)} session ${r.session} user ${r.user} tokens ${s(r.tokens)} cached ${r.cached} reasoning ${r.reasoning}`,
    )
    if (r.edges.missing.length) console.log('   edges missing', r.edges.missing.join('; '))
  } catch (error) {
    console.log(`${program.name} FAILED: ${error instanceof Error ? error.message : error}`)
  }
}
