import { enableCodeFrames } from './code-frames.ts'

export { exportParameters } from './export-parameters.ts'
export { loadParametersFile, watchParametersFile } from './parameters-file.ts'
export { type Started, type StartOptions, start } from './start.ts'
export { enableCodeFrames }
