import { printable } from '@trace2/optimizer/render'
import { type Command, Option } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, isAddress, suggested } from '../options/database.ts'
import { portArgument, repeated } from '../options/numbers.ts'
import { tokensFrom } from '../options/tokens.ts'
import { aborted } from '../terminal/interruption.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { fields } from '../text/table.ts'

interface CollectOptions extends DatabaseOptions {
  readonly port: number
  readonly host: string
  readonly tokenFile?: string
  readonly allowUnauthenticated?: true
  readonly forward?: readonly string[]
}

export function addCollect(program: Command, terminal: Terminal): void {
  program
    .command('collect')
    .summary('receive OpenTelemetry traces and store them')
    .description(
      'Receives traces from any OpenTelemetry exporter (OTLP over HTTP, JSON or protobuf) and stores them. The other commands use the same database meanwhile.',
    )
    .addOption(
      new Option('--port <port>', 'port to listen on; 0 is any free one')
        .argParser(portArgument)
        .default(4318),
    )
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--token-file <file>',
      'let in only who sends one of the bearer tokens in this file, or TRACE2_TOKEN',
    )
    .option(
      '--allow-unauthenticated',
      'with a --host that others can reach: let them in without a token',
    )
    .option(
      '--forward <URL>',
      'OTLP/HTTP receiver that gets everything too, as it came; may be repeated',
      repeated,
    )
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples('trace2 collect', 'trace2 collect --db prod.duckdb --forward http://jaeger:4318'),
    )
    .action((options: CollectOptions) => collect(options, terminal))
}

async function collect(options: CollectOptions, terminal: Terminal): Promise<void> {
  const { db, port, host, allowUnauthenticated = false, forward = [] } = options
  if (isAddress(db)) {
    throw raise('T2_USAGE', `A collector needs a file to write to; ${db} is an address.`)
  }
  const tokens = await tokensFrom(options.tokenFile, process.env)
  const { startCollector } = await import('@trace2/collector')
  const stop = terminal.interruption('Finishing what has been received.')
  const collector = await startCollector({
    db,
    port,
    host,
    forward: forward.map((url) => ({ url })),
    security: { allowUnauthenticated, tokens },
  })
  terminal.print(welcome(collector.url, { db, forward }, terminal))
  if (allowUnauthenticated && tokens.length === 0) {
    terminal.note(
      terminal.paintNote(
        'error',
        'Anyone who reaches this address can send, read and change data.',
      ),
    )
  }
  await aborted(stop)
  await collector.close()
  terminal.note(`Stopped. Everything received is in ${printable(db)}.`)
}

function welcome(
  url: string,
  { db, forward }: { readonly db: string; readonly forward: readonly string[] },
  terminal: Terminal,
): string {
  return [
    terminal.paint('strong', `Listening on ${printable(url)}`),
    fields(
      [
        ['traces', `${url}/v1/traces  (OTLP/HTTP, JSON or protobuf)`],
        ['stored in', db],
        ...forward.map((target) => ['sent on to', target] as const),
        ['exporters', `OTEL_EXPORTER_OTLP_ENDPOINT=${url}`],
        ['or in code', `start({ serviceName: 'my-agent', endpoint: '${url}' })`],
        ['look', suggested('trace2 runs', { db })],
        ['stop', 'Ctrl-C'],
      ],
      terminal,
    ),
  ].join('\n')
}
