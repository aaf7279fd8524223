export * from '@trace2/store'
