import { after } from 'next/server.js'
import { tracing } from '../../../tracing.ts'
import { triage } from '../../../triage.ts'

/** `POST /api/triage` with a message answers with the team that looks after it and the ids of the run. */
export async function POST(request: Request): Promise<Response> {
  const { message } = Object(await request.json().catch(() => undefined))
  if (typeof message !== 'string')
    return Response.json({ error: 'A message is missing.' }, { status: 400 })
  // Next.js waits for it before it stops or freezes the process. `start` has said what could not be sent.
  after(() =>
    tracing()
      .flush()
      .catch(() => {}),
  )
  return Response.json(await triage(message))
}
