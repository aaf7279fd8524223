import '@trace2/simulated-model/without-key'
import { bundle, Trace2Error } from '@trace2/instrumentation'
import { OptoPrime } from '@trace2/optimizer/live'

// 1. Define trainable parameters (like nn.Parameter)
const agentFunction = bundle(
  function agentFunction(input: string): string {
    /** This can be optimized. */
    return 'Process: ' + input
  },
  { trainable: true },
)

try {
  // 2. Execute (forward pass)
  const output = agentFunction('user request')
  console.log(output)

  // 3. Get feedback (like computing loss)
  const feedback = 'Make it more concise and professional'

  // 4. Optimize (backward pass + optimizer step)
  const optimizer = new OptoPrime(agentFunction.parameters())
  optimizer.zeroFeedback()
  optimizer.backward(output, feedback)
  await optimizer.step()

  // 5. New behavior learned!
  const newOutput = agentFunction('user request')
  console.log(newOutput)
} catch (error) {
  // Such an error says what to do; a stack would hide that.
  if (!(error instanceof Trace2Error)) throw error
  console.error(`${error.message}\n${error.remedy}`)
  process.exitCode = 1
}
