// The workspaces that npm publishes.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Those of `packages` and `examples`, with their manifests. */
export function workspaces() {
  return ['packages', 'examples'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => join(parent, name))
      .filter((directory) => existsSync(join(root, directory, 'package.json')))
      .map((directory) => ({ directory, manifest: manifestOf(directory) })),
  )
}

/** Those without `"private": true`. */
export function publishedWorkspaces() {
  return workspaces().filter(({ manifest }) => !manifest.private)
}

function manifestOf(directory) {
  return JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'))
}
