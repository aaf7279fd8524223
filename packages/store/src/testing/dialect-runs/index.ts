export { logsOf, runIn } from './spans.ts'
export { spellings } from './spellings.ts'
export { agent, question, reply, system } from './story.ts'
