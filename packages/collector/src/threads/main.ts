// Everything that runs in threads and processes of its own, for the text that build.mjs makes. `bundled.ts` puts this
// text into a function whose argument `role` says what is asked for.
import type { Role } from './role.ts'

declare const role: Role

const mains: Readonly<Record<Role, () => Promise<unknown>>> = {
  store: () => import('../worker/store-worker-main.ts'),
  preparer: () => import('../worker/preparer-main.ts'),
  inspect: () => import('../journal/inspect-main.ts'),
}

void mains[role]()
