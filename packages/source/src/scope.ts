import { childOf, childrenOf, isClass, isFunction, listOf, type Tree } from './walk.ts'

/** The names that one scope declares. */
export interface Scope {
  readonly names: ReadonlySet<string>
  readonly outer: Scope | undefined
}

export function isDeclared(scope: Scope | undefined, name: string): boolean {
  for (let each = scope; each; each = each.outer) if (each.names.has(name)) return true
  return false
}

/** Names that a pattern binds: `{ a, b: [c = 1], ...d }` binds a, c and d. */
export function boundNames(pattern: Tree | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [String(pattern.name)]
    case 'ObjectPattern':
      return listOf(pattern, 'properties').flatMap(boundNames)
    case 'ArrayPattern':
      return listOf(pattern, 'elements').flatMap(boundNames)
    case 'Property':
      return boundNames(childOf(pattern, 'value'))
    case 'AssignmentPattern':
      return boundNames(childOf(pattern, 'left'))
    case 'RestElement':
      return boundNames(childOf(pattern, 'argument'))
    default:
      return []
  }
}

/** Names that hold in all of a function's body: `var`, wherever it stands, and functions. */
export function functionNames(body: Tree): string[] {
  const names: string[] = []
  const pending = [body]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'VariableDeclaration' && node.kind === 'var') names.push(...declared(node))
    if (node !== body && (isFunction(node) || isClass(node))) continue
    for (const child of childrenOf(node)) pending.push(child)
  }
  return names
}

/** Names that hold in one block only: `let`, `const`, `class`, and functions. */
export function blockNames(statements: readonly Tree[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === 'VariableDeclaration') return declared(statement)
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      return boundNames(childOf(statement, 'id'))
    }
    return statement.type === 'LabeledStatement' ? blockNames(listOf(statement, 'body')) : []
  })
}

function declared(declaration: Tree): string[] {
  return listOf(declaration, 'declarations').flatMap((each) => boundNames(childOf(each, 'id')))
}
