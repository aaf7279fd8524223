import { givenName } from './stable-names.ts'

/** A span around a call, as far as its name matters. */
export interface Place {
  readonly op: string
  readonly opKind: string | null
  /** `aside` is what is no step of a run. */
  readonly kind: string
}

/**
 * The agent, tool, function or operator that a span is, by its name; `undefined` where it is none, or where the name says
 * nothing of the program: an id, a framework's own name, or one that any program has. All programs of a framework would share it.
 */
export function callerOf({ op, opKind, kind }: Place): string | undefined {
  if (kind === 'aside' || kind === 'feedback' || (opKind !== null && models.has(opKind))) return
  const name = givenName(op.replace(started, '$1'))
  return name === null || isPackaging(name) ? undefined : name
}

/**
 * The name of the function that a model's span was begun in, where a program names its spans; `undefined` where a client of a
 * provider or a class has named it.
 */
export function functionNamed(name: string): string | undefined {
  if (!written.test(name) || client.test(name)) return undefined
  return callerOf({ op: name, opKind: null, kind: 'op' })
}

const written = /^[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*$/
const client =
  /(?:^|[_-])(?:litellm|openai|anthropic|gemini|google|bedrock|mistral|cohere|ollama|azure|vertex|groq|llm|chat|a?completions?|messages|responses?|generate|generation|inference|request|stream)(?:[_-]|$)/

/** The name of an agent inside that of the span which runs it, where no attribute has it. */
const started = /^(?:agent[_ ]run|invoke_agent)\s*[[(]?\s*([^\])]+?)\s*[\])]?$/i

/** Spans of these kinds are the call itself, what it is made of, or what carries what others say. */
const models: ReadonlySet<string> = new Set([
  ...['llm', 'embedding', 'reranker', 'prompt', 'parser'],
  ...['transport', 'transport-evaluated'],
])

function isPackaging(name: string): boolean {
  return common.test(name) || frameworks.some((form) => form.test(name))
}

/** Names that any program or framework has for a step. */
const common =
  /^(?:agent|agents|asst|assistant|call|call[_ ]?(?:llm|model)|chain|chat|completions?|cycle|execute|execute[_ ]task|generat(?:e|ion)|invocation|invoke|invoke_agent|iteration|llm|loop|main|messages?|model|model[_ ](?:request|step|inference|generation|chunk)|predict|process|prompt|request|response|run|session|step|task|tools?|turn|unnamed|workflow)$/i

/** Names that frameworks have for spans of their own, around the calls of whoever uses them. */
const frameworks: readonly RegExp[] = [
  // LangChain and LangGraph
  /^(?:Runnable\w*(?:<.*>)?|LangGraph|CompiledStateGraph|AgentExecutor|LLMChain|\w*PromptTemplate|\w*OutputParser|ChannelWrite.*|should_continue)$/,
  // DSPy
  /(?:^LM|Adapter)\.(?:__call__|acall)$|^(?:Predict|ChainOfThought|ProgramOfThought|MultiChainComparison|BestOfN|Refine)(?:\(.*\))?\.a?forward$/,
  // Agents and pipelines without a name of their own, of Haystack, smolagents, LlamaIndex and CrewAI
  /^(?:(?:Async)?Pipeline|Agent|CodeAgent|ToolCallingAgent|MultiStepAgent|FunctionAgent|ReActAgent|AgentWorkflow|Crew|Task|Flow)(?:\.\w+)?$/,
  // Vercel AI SDK, Haystack, the clients of model providers
  /^ai\.\w|^(?:chat|completions?|model_generation|model_step) \S|^haystack\.|^(?:openai|anthropic|gen_ai|google|bedrock|litellm)\./,
  // Semantic Kernel
  /^AutoFunctionInvocationLoop$/,
  // LlamaIndex, smolagents, OpenAI Agents, Pydantic AI, Strands, Google ADK
  /\.(?:a?chat|a?complete|a?predict|generate|take_step)$|_agent_step$/,
  /^(?:agent[_ ]run|agent_turn|(?:llm|tts|stt)_node|Agent workflow|running tools|Model invoke|execute_(?:event|agent)_loop_cycle|agent_run_step)$/i,
  // A template that is filled with the number of a step
  /\{\w*\}/,
  // A request to a server
  /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|QUERY)(?:\s|$)/,
]
