// A graph of LangGraph.js with OpenInference.
import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain'
import * as callbacks from '@langchain/core/callbacks/manager'
import { finish } from './shared/job.mjs'
import { askGraph } from './shared/langchain.mjs'
import { startTracing } from './shared/tracing.mjs'

const instrumentation = new LangChainInstrumentation()
const provider = startTracing({ instrumentations: [instrumentation] })
instrumentation.manuallyInstrument(callbacks)

await askGraph()

await provider.shutdown()
finish('LangGraph.js', '@langchain/langgraph', '@arizeai/openinference-instrumentation-langchain')
