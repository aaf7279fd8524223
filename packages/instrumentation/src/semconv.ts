export * from '@trace2/core'
