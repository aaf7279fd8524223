import { DiagLogLevel, diag } from '@opentelemetry/api'

/** Codes of what the library has warned of. */
export const said = []

const say = (line) => said.push(line.replace(/:.*/s, ''))
const silent = () => {}
diag.setLogger(
  { error: say, warn: say, info: silent, debug: silent, verbose: silent },
  DiagLogLevel.WARN,
)
