// `npm run sizes`: what installing a package brings. Packs the packages, installs each of some into an empty folder, from
// npm's cache where it can, and prints the packages and the bytes in node_modules as a table.
import { spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publishedWorkspaces, root } from './workspaces.mjs'

const measured = ['@trace2/instrumentation', '@trace2/optimizer', 'trace2']

function npm(args, cwd) {
  const { status, stdout } = spawnSync('npm', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} has failed.`)
  return stdout
}

/** Bytes of the files below a folder; a file with several names counts once. */
function bytesIn(folder, seen = new Set()) {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += bytesIn(path, seen)
    if (!entry.isFile()) continue
    const { ino, size } = lstatSync(path)
    if (!seen.has(ino)) bytes += size
    seen.add(ino)
  }
  return bytes
}

const place = mkdtempSync(join(tmpdir(), 'trace2-sizes-'))
try {
  const workspaces = publishedWorkspaces()
  const flags = workspaces.flatMap(({ directory }) => ['-w', directory])
  npm(['pack', '--silent', '--pack-destination', place, ...flags], root)
  const tarballs = Object.fromEntries(
    workspaces.map(({ manifest: { name, version } }) => {
      const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
      return [name, `file:${join(place, file)}`]
    }),
  )
  console.log('| package | packages | of them Trace2 | MB installed |')
  console.log('| --- | ---: | ---: | ---: |')
  for (const name of measured) {
    const folder = join(place, name.replace('/', '-'))
    mkdirSync(folder)
    // The others of ours are packed too: `overrides` gives them to whoever asks for them.
    const manifest = { dependencies: { [name]: tarballs[name] }, overrides: { ...tarballs } }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
    npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], folder)
    const list = npm(['ls', '--all', '--parseable'], folder).trim().split('\n').slice(1)
    const ours = list.filter((path) => /node_modules[\\/](@trace2[\\/]|trace2$)/.test(path))
    const megabytes = (bytesIn(join(folder, 'node_modules')) / 1e6).toFixed(1)
    console.log(`| \`${name}\` | ${list.length} | ${ours.length} | ${megabytes} |`)
  }
} finally {
  rmSync(place, { recursive: true, force: true })
}
