import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api'
import { type DestinationStream, type Logger, pino } from 'pino'
import { logStream } from './log-stream.ts'

/** How much the collector logs. `trace` logs most; `silent` logs nothing. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

const diagLevels: Readonly<Record<LogLevel, DiagLogLevel>> = {
  trace: DiagLogLevel.VERBOSE,
  debug: DiagLogLevel.DEBUG,
  info: DiagLogLevel.INFO,
  warn: DiagLogLevel.WARN,
  error: DiagLogLevel.ERROR,
  silent: DiagLogLevel.NONE,
}

/**
 * Starts structured logs of a collector's process: one JSON object per line with time, level and message. What the
 * libraries say through OpenTelemetry's `diag` goes there as well.
 *
 * @param stream default is standard error.
 * @example const log = startLog('info')
 */
export function startLog(level: LogLevel, stream?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'trace2-collector', pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const log = pino(options, stream ?? logStream(2))
  diag.setLogger(diagOf(log), { logLevel: diagLevels[level], suppressOverrideMessage: true })
  return log
}

function diagOf(log: Logger): DiagLogger {
  const words = (message: string, args: readonly unknown[]) => [message, ...args].join(' ')
  return {
    error: (message, ...args) => log.error(words(message, args)),
    warn: (message, ...args) => log.warn(words(message, args)),
    info: (message, ...args) => log.info(words(message, args)),
    debug: (message, ...args) => log.debug(words(message, args)),
    verbose: (message, ...args) => log.trace(words(message, args)),
  }
}
