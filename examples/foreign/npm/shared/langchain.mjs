// The job with LangChain's agents and with a graph of LangGraph. How it is traced is up to the program.
import { HumanMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { ToolNode, toolsCondition } from '@langchain/langgraph/prebuilt'
import { ChatOpenAI } from '@langchain/openai'
import { createAgent } from 'langchain'
import { editor, MODEL, questions, secondSession, session, support, tools, user } from './job.mjs'

const offered = tools.map(({ name, description, parameters, run }) =>
  tool(run, { name, description, schema: parameters }),
)
const llm = () => new ChatOpenAI({ model: MODEL })

/** What a program sets for a session: metadata of the run, and the thread of a checkpointer. */
export function configOf(id) {
  return { metadata: { session_id: id, user_id: user }, configurable: { thread_id: id } }
}

/** Two questions to one agent. */
export async function askAgent(configure = configOf) {
  const agent = createAgent({
    model: llm(),
    tools: offered,
    systemPrompt: support.prompt,
    name: support.name,
  })
  for (const question of questions) {
    await agent.invoke({ messages: [new HumanMessage(question)] }, configure(session))
  }
}

/** A graph: the agent with its tools, then the editor. */
export async function askGraph(configure = configOf) {
  const withTools = llm().bindTools(offered)
  const plain = llm()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode(support.name, async ({ messages }) => ({
      messages: [
        await withTools.invoke([{ role: 'system', content: support.prompt }, ...messages]),
      ],
    }))
    .addNode('tools', new ToolNode(offered))
    .addNode(editor.name, async ({ messages }) => ({
      messages: [
        await plain.invoke([
          { role: 'system', content: editor.prompt },
          { role: 'user', content: messages.at(-1).content },
        ]),
      ],
    }))
    .addEdge(START, support.name)
    .addConditionalEdges(support.name, toolsCondition, { tools: 'tools', [END]: editor.name })
    .addEdge('tools', support.name)
    .addEdge(editor.name, END)
    .compile()
  await graph.invoke({ messages: [new HumanMessage(questions[0])] }, configure(secondSession))
}
