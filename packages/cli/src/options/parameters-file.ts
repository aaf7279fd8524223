import { isAbsolute, relative, resolve } from 'node:path'
import { Option } from 'commander'

/** What {@link parametersFileOption} gives to a command; absolute, so that it means the same from any directory. */
export interface ParametersFileOptions {
  readonly parameters: string
}

/** `--parameters`, the file from which the agent reads accepted values. */
export function parametersFileOption(): Option {
  return new Option('--parameters <file>', 'the file from which the agent reads accepted values')
    .env('TRACE2_PARAMETERS')
    .argParser((path: string) => resolve(path))
    .default(resolve('trace2.parameters.json'), 'trace2.parameters.json')
}

/** A path as the user would write it here; what is no path from the root stays as it is. */
export function shownPath(path: string): string {
  if (!isAbsolute(path)) return path
  const here = relative('', path)
  return here.startsWith('..') ? path : here
}
