import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

const workspace = fileURLToPath(new URL('../..', import.meta.url))

export default {
  // Code on the server is not minified: runs name what a step was given as its function does.
  experimental: { serverMinification: false },
  // The next three are for this workspace; an application in a repository of its own needs none.
  turbopack: { root: workspace },
  outputFileTracingRoot: workspace,
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig
