import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'examples/*/src/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/dist/**', '**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What a test waits for comes soon; the machine it runs on may be slow.
    expect: { poll: { timeout: 20_000 } },
    globalSetup: './tools/temporary-files.ts',
    reporters: ['default', './tools/closing-line.ts'],
  },
})
