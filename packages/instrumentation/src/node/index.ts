import { enableCodeFrames } from './code-frames.ts'

export { loadParametersFile, watchParametersFile } from './parameters-file.ts'
export { type Started, type StartOptions, start } from './start.ts'
export { enableCodeFrames }
