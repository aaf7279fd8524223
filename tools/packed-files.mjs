// What is wrong with the files of a package as npm would publish it.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** The paths in the package that npm would make of a directory. */
export function packedFiles(directory) {
  const { stdout, status } = spawnSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm cannot pack ${directory}.`)
  // npm 10 prints a list; npm 11 with workspaces an object by name.
  const [packed] = Object.values(JSON.parse(stdout))
  return packed.files.map(({ path }) => path)
}

/** One line for each file that is missing, or that users have no use for. */
export function faultsOfFiles(directory, files = packedFiles(directory)) {
  const all = new Set(files)
  const missing = ['LICENSE', 'README.md']
    .filter((name) => !all.has(name))
    .map((name) => `${name} is missing`)
  const tests = files
    .filter((path) => /\.test\.|(^|\/)(testing|fixtures)\//.test(path))
    .map((path) => `${path} is part of a test`)
  const maps = files
    .filter((path) => path.endsWith('.map'))
    .flatMap((path) =>
      sourcesOf(directory, path)
        .filter((source) => !all.has(source))
        .map((source) => `${path} points to ${source}, which is not in the package`),
    )
  const withoutMap = files
    .filter((path) => /\.(js|d\.ts)$/.test(path))
    .flatMap((path) => {
      const map = mapNamedBy(readFileSync(join(directory, path), 'utf8'))
      const named = map === undefined ? undefined : posix.join(posix.dirname(path), map)
      return named === undefined || all.has(named)
        ? []
        : [`${path} names the source map ${named}, which is not in the package`]
    })
  return [...missing, ...tests, ...maps, ...withoutMap]
}

/** Where a source map that carries no texts of its own says that its sources are. */
function sourcesOf(directory, path) {
  const { sources, sourceRoot, sourcesContent } = JSON.parse(
    readFileSync(join(directory, path), 'utf8'),
  )
  return sources
    .filter((_, index) => typeof sourcesContent?.[index] !== 'string')
    .map((source) => posix.join(posix.dirname(path), sourceRoot ?? '', source))
}

/** The file of the last line's source map comment; nothing where there is none, or the map is in the comment. */
function mapNamedBy(text) {
  return /^\/\/# sourceMappingURL=(?!data:)(\S+)\s*$/m.exec(text.slice(-300))?.[1]
}
