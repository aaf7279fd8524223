import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'examples/*/src/**/*.test.ts',
      'bench/src/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    exclude: ['**/dist/**', '**/node_modules/**'],
    typecheck: {
      enabled: true,
      include: ['test/types/*.test-d.ts'],
      tsconfig: './test/types/tsconfig.json',
    },
    // Tests wait for processes that they start about as long as they compute.
    maxWorkers: '100%',
    // What a test waits for comes soon; the machine it runs on may be slow, and busy with other things.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    globalSetup: './tools/temporary-files.ts',
    reporters: ['default', './tools/closing-line.ts'],
  },
})
