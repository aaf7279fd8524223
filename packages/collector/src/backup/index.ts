export { type BackupResult, backUp } from './back-up.ts'
export { pendingRequests } from './pending.ts'
export { type RestoreOptions, type RestoreResult, restore } from './restore.ts'
