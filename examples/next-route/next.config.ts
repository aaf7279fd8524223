import { fileURLToPath } from 'node:url'
import trace2 from '@trace2/instrumentation/build'
import type { NextConfig } from 'next'

const workspace = fileURLToPath(new URL('../..', import.meta.url))

// `next build --webpack` minifies, and has the plugin hand on what the author wrote.
const webpack = process.argv.includes('--webpack')

export default {
  // Turbopack takes no plugin. Code on the server is not minified there: runs name what a step was given as its function does.
  experimental: { serverMinification: webpack },
  webpack: (config) => {
    config.plugins.push(trace2.webpack())
    return config
  },
  // The next three are for this workspace; an application in a repository of its own needs none.
  turbopack: { root: workspace },
  outputFileTracingRoot: workspace,
  typescript: { ignoreBuildErrors: true },
} satisfies NextConfig
