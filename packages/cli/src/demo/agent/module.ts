import type { Ticket } from '../tickets/ticket.ts'
import { createAgent, type Triage } from './agent.ts'
import { connectModel } from './model.ts'

let triage: Promise<ReturnType<typeof createAgent>> | undefined

/** The agent as a module that trials run in processes of their own, with the model of the process's environment. */
export async function agent(ticket: Ticket): Promise<Triage> {
  triage ??= connectModel(process.env, 1).then(createAgent)
  return (await triage)(ticket)
}
