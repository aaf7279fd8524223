import { childOf, listOf, nameOf, type Syntax, type Tree, visit } from '@trace2/source'

/** What a module calls the functions that record: by a name of its own, or as members of a namespace. */
export interface Recorders {
  /** Local name → `bundle` or `run`. */
  readonly names: ReadonlyMap<string, string>
  readonly namespaces: ReadonlySet<string>
}

const recording = new Set(['bundle', 'run'])

/** Finds what a module imports, or requires, of the modules that export `bundle` and `run`. */
export function findRecorders({ root }: Syntax, modules: ReadonlySet<string>): Recorders {
  const names = new Map<string, string>()
  const namespaces = new Set<string>()
  const bind = (local: Tree | undefined, imported: string | undefined): void => {
    const name = nameOf(local)
    if (name !== undefined && imported !== undefined && recording.has(imported)) {
      names.set(name, imported)
    }
  }
  visit(root, (node) => {
    if (node.type === 'ImportDeclaration' && modules.has(nameOf(childOf(node, 'source')) ?? '')) {
      for (const specifier of listOf(node, 'specifiers')) {
        const local = childOf(specifier, 'local')
        if (specifier.type === 'ImportSpecifier')
          bind(local, nameOf(childOf(specifier, 'imported')))
        else namespaces.add(nameOf(local) ?? '')
      }
    }
    if (node.type === 'VariableDeclarator' && isRequired(childOf(node, 'init'), modules)) {
      const id = childOf(node, 'id')
      if (id?.type === 'Identifier') namespaces.add(nameOf(id) ?? '')
      for (const member of id ? listOf(id, 'properties') : []) {
        bind(childOf(member, 'value'), nameOf(childOf(member, 'key')))
      }
    }
    return undefined
  })
  return { names, namespaces }
}

function isRequired(init: Tree | undefined, modules: ReadonlySet<string>): boolean {
  if (init?.type !== 'CallExpression' || nameOf(childOf(init, 'callee')) !== 'require') return false
  return modules.has(nameOf(listOf(init, 'arguments')[0]) ?? '')
}

/** Whether a node is a call of `bundle` or `run`. */
export function isRecording(node: Tree, { names, namespaces }: Recorders): boolean {
  const callee = node.type === 'CallExpression' ? childOf(node, 'callee') : undefined
  if (callee?.type === 'Identifier') return names.has(nameOf(callee) ?? '')
  if (callee?.type !== 'MemberExpression' || callee.computed === true) return false
  const object = nameOf(childOf(callee, 'object'))
  return namespaces.has(object ?? '') && recording.has(nameOf(childOf(callee, 'property')) ?? '')
}
