// Reads a journal from end to end, and tries to forget all of it, in a process of its own: LMDB maps the file into memory,
// so that a damaged page can end the process that reads it. The last argument is the journal's directory; what was found is
// printed, and nothing is changed.
import { Journal } from './journal.ts'

void inspect(process.argv.at(-1) ?? '')

async function inspect(directory: string): Promise<void> {
  const journal = await Journal.open(directory)
  let entries = 0
  let damaged = 0
  for (const { entry } of journal.read(1)) {
    if (entry) entries++
    else damaged++
  }
  journal.tryTrimming()
  const { id, next } = journal
  console.log(JSON.stringify({ entries, damaged, next, id }))
  process.exit(0)
}
