// LangChain.js agents with OpenInference.
import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain'
import * as callbacks from '@langchain/core/callbacks/manager'
import { finish } from './shared/job.mjs'
import { askAgent } from './shared/langchain.mjs'
import { startTracing } from './shared/tracing.mjs'

const instrumentation = new LangChainInstrumentation()
const provider = startTracing({ instrumentations: [instrumentation] })
instrumentation.manuallyInstrument(callbacks)

await askAgent()

await provider.shutdown()
finish('LangChain.js', 'langchain', '@arizeai/openinference-instrumentation-langchain')
