import { lstat, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * Where a path leads, without symbolic links, also if the last link of it points to a file that does not exist yet: one
 * name for one file.
 */
export async function followed(path: string): Promise<string> {
  let at = resolve(path)
  for (let links = 0; links < mostLinks; links++) {
    try {
      return await realpath(at)
    } catch {
      const isLink = await lstat(at).then(
        (found) => found.isSymbolicLink(),
        () => false,
      )
      const folder = await realpath(dirname(at)).catch(() => dirname(at))
      if (!isLink) return join(folder, basename(at))
      at = resolve(folder, await readlink(at))
    }
  }
  return at
}

/** As many as the operating system follows. */
const mostLinks = 40

/** Makes a function that tells whether a path leads to a given file, however either is written. */
export function sameFileAs(file: string): (path: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>()
  return (path) => {
    const answer = known.get(path) ?? isSameFile(file, path)
    known.set(path, answer)
    return answer
  }
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  if (resolve(one) === resolve(other)) return true
  const [first, second] = [await followed(one), await followed(other)]
  if (first === second) return true
  // A disk that takes upper and lower case for the same.
  if (first.toLowerCase() !== second.toLowerCase()) return false
  const [a, b] = [await identityOf(first), await identityOf(second)]
  return a !== undefined && a === b
}

async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined)
  return found && `${found.dev}:${found.ino}`
}
