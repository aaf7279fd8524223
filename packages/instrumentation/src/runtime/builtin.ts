/** The part of `process` that is asked for; what a runtime or a bundler calls `process` may have none of it. */
interface MaybeNode {
  readonly process?: { readonly getBuiltinModule?: NodeJS.Process['getBuiltinModule'] }
}

/**
 * Gives a module of Node in a runtime that has them (Node, Bun, Deno, Workers with `nodejs_compat`); `undefined` in any
 * other. It is asked for at run time and not imported, so that programs for browsers and edge runtimes can be built.
 */
export const builtinModule: NodeJS.Process['getBuiltinModule'] | undefined = (
  globalThis as MaybeNode
).process?.getBuiltinModule
