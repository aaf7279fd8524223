/** Parts of a step for tools of our own, such as the benchmark. They change without notice. */
export { makeBatch } from './batch/index.ts'
export { renderProblem, tokenizerFor } from './prompt/index.ts'
