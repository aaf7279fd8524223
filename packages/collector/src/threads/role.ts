/** What a thread or a process of its own does, and the module that does it. */
export const roles = {
  store: '../worker/store-worker-main.js',
  preparer: '../worker/preparer-main.js',
  inspect: '../journal/inspect-main.js',
} as const

export type Role = keyof typeof roles
