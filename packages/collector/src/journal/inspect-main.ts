// Reads a journal from end to end, in a process of its own: LMDB maps the file into memory, so that a damaged page
// can end the process that reads it. `node inspect-main.js DIRECTORY` prints what it found.
import { Journal } from './journal.ts'

const journal = await Journal.open(process.argv[2] ?? '')
let entries = 0
let damaged = 0
for (const { entry } of journal.read(1)) {
  if (entry) entries++
  else damaged++
}
console.log(JSON.stringify({ entries, damaged }))
process.exit(0)
