// The thread that decodes what the journal has and lays it out as rows, while the store's thread writes the rows that
// came before.
import { parentPort, workerData } from 'node:worker_threads'
import { engineFor, type Prepared } from '@trace2/store/engines'
import { Journal } from '../journal/journal.ts'
import { collectGarbage } from '../memory/collect-garbage.ts'
import { EntryPreparer, type PreparedEntries } from './entry-preparer.ts'
import { lowerThreadPriority } from './lower-thread-priority.ts'
import type { PreparerReply, PreparerRequest, PreparerStart } from './preparer-protocol.ts'
import { ReadingMark } from './reading-mark.ts'

lowerThreadPriority()
const start: PreparerStart = workerData
const mark = new ReadingMark(start.reading)
mark.introduce()
void serve()

function post(reply: PreparerReply): void {
  parentPort?.postMessage(reply)
}

function answer(call: number, asked: Promise<Prepared | PreparedEntries | undefined>): void {
  asked.then(
    (value) => post({ call, value }),
    (error: unknown) =>
      post({ call, error: error instanceof Error ? error : new Error(String(error)) }),
  )
}

async function serve(): Promise<void> {
  const { shares } = start
  const journal = await Journal.open(start.journalDirectory)
  const preparer = new EntryPreparer(
    journal,
    engineFor(start.databasePath).preparer(start.storedSoFar, { keptBytes: shares.rows }),
    { mark, bytesAtOnce: shares.transaction },
  )
  parentPort?.on('message', (request: PreparerRequest) => {
    switch (request.kind) {
      case 'entries':
        answer(request.call, preparer.entries(request))
        break
      case 'records':
        answer(request.call, preparer.records(request.spans, request.logs, request.receivedNs))
        break
      case 'settle':
        preparer.settle(request.settled, request.committed)
        break
      case 'rest':
        preparer.rest()
        collectGarbage()
        post({ call: request.call, value: undefined })
        break
      case 'close':
        void journal.close().finally(() => parentPort?.close())
        break
    }
  })
}
