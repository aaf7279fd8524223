import { printable } from '@trace2/optimizer/render'
import { type Command, Option } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, isAddress, suggested } from '../options/database.ts'
import { portArgument } from '../options/numbers.ts'
import { aborted } from '../terminal/interruption.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { fields } from '../text/table.ts'

interface CollectOptions extends DatabaseOptions {
  readonly port: number
  readonly host: string
  readonly allowUnauthenticated?: true
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
      '--allow-unauthenticated',
      'with a --host that others can reach: let them in without a token',
    )
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 collect', 'trace2 collect --db prod.duckdb --port 0'))
    .action((options: CollectOptions) => collect(options, terminal))
}

async function collect(options: CollectOptions, terminal: Terminal): Promise<void> {
  const { db, port, host, allowUnauthenticated = false } = options
  if (isAddress(db)) {
    throw raise('T2_USAGE', `A collector needs a file to write to; ${db} is an address.`)
  }
  const { startCollector } = await import('@trace2/collector')
  const stop = terminal.interruption('Finishing what has been received.')
  const collector = await startCollector({ db, port, host, security: { allowUnauthenticated } })
  terminal.print(welcome(collector.url, db, terminal))
  if (allowUnauthenticated) {
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

function welcome(url: string, db: string, terminal: Terminal): string {
  return [
    terminal.paint('strong', `Listening on ${printable(url)}`),
    fields(
      [
        ['traces', `${url}/v1/traces  (OTLP/HTTP, JSON or protobuf)`],
        ['stored in', db],
        ['exporters', `OTEL_EXPORTER_OTLP_ENDPOINT=${url}`],
        ['or in code', `start({ serviceName: 'my-agent', endpoint: '${url}' })`],
        ['look', suggested('trace2 runs', { db })],
        ['stop', 'Ctrl-C'],
      ],
      terminal,
    ),
  ].join('\n')
}
