import type { QuickJSWASMModule } from 'quickjs-emscripten-core'
import { raise } from '../../errors.ts'
import { insideText } from '../generated/inside.ts'
import type { OpenSandbox } from '../host/sandbox.ts'
import { World, WorldError } from './world.ts'

/** Sandboxes in the thread of the program: a slow built-in function of the engine holds it up beyond any limit. */
export function sandboxesHere(quickJs: QuickJSWASMModule): OpenSandbox {
  return ({ text, secretive }, { memoryBytes }, serve) => {
    const world = guarded(
      () => new World(quickJs, { harness: insideText, text, secretive, memoryBytes }, serve),
    )
    return {
      enter: (frame, timeMs) => guarded(() => world.enter(frame, timeMs)),
      enterLater: async (frame, timeMs) => guarded(() => world.enter(frame, timeMs)),
      work: async (timeMs) => guarded(() => world.work(timeMs)),
      get hasWork() {
        return world.hasWork
      },
      close: () => world.close(),
    }
  }
}

function guarded<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (!(error instanceof WorldError)) throw error
    throw raise('T2_CODE_LIMIT', `The code was stopped: ${error.message}.`)
  }
}
