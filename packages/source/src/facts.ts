import { type ParsedFunction, parseFunction } from './parse.ts'
import { blockNames, boundNames, functionNames, isDeclared, type Scope } from './scope.ts'
import { childOf, childrenOf, isClass, isFunction, isTree, listOf, type Tree } from './walk.ts'

/** One use of a name that a function has from outside. Positions are those of the parsed text. */
export interface Reference {
  readonly name: string
  readonly start: number
  readonly end: number
  /** Whether another name would be hidden there by what the function declares. */
  readonly hides: (name: string) => boolean
}

/** What the source of one function says about what it needs from outside. */
export interface SourceFacts {
  readonly parsed: ParsedFunction
  /** Names that it uses and does not declare, in the order of their first use. */
  readonly free: ReadonlySet<string>
  /** Where it uses them. */
  readonly references: readonly Reference[]
  /** Those of them that it assigns to. */
  readonly assigned: ReadonlySet<string>
  /** Names of all members that it reads or calls by name: `a.b`, `a['b']`, `const { b } = a`. */
  readonly members: ReadonlySet<string>
  readonly usesThis: boolean
  /** What it has that means nothing outside of the place where it was written: `super`, `#name`, `import.meta`. */
  readonly rooted: ReadonlySet<string>
  readonly declaresPrivate: boolean
  /** Those of the free names that its classes extend. */
  readonly extended: ReadonlySet<string>
}

/** Analyses the source of one function or class. */
export function readFacts(source: string): SourceFacts | { readonly fault: string } {
  const parsed = parseFunction(source)
  if ('fault' in parsed) return parsed
  const reader = new FactReader()
  if (isTree(parsed.node)) reader.visit(parsed.node, { names: new Set(), outer: undefined }, true)
  if (isTree(parsed.key)) reader.visit(parsed.key, { names: new Set(), outer: undefined }, true)
  return { parsed, ...reader.facts() }
}

class FactReader {
  readonly #references: Reference[] = []
  readonly #assigned = new Set<string>()
  readonly #members = new Set<string>()
  readonly #rooted = new Set<string>()
  readonly #privateUsed = new Set<string>()
  readonly #privateDeclared = new Set<string>()
  readonly #extended = new Set<string>()
  #usesThis = false

  facts(): Omit<SourceFacts, 'parsed'> {
    const rooted = new Set(this.#rooted)
    for (const name of this.#privateUsed) {
      if (!this.#privateDeclared.has(name)) rooted.add(`#${name}`)
    }
    return {
      free: new Set(this.#references.map(({ name }) => name)),
      references: this.#references,
      assigned: this.#assigned,
      members: this.#members,
      usesThis: this.#usesThis,
      rooted,
      declaresPrivate: this.#privateDeclared.size > 0,
      extended: this.#extended,
    }
  }

  /** `outermost` says that `this` here is that of the function itself. */
  visit(node: Tree, scope: Scope, outermost: boolean): void {
    if (isFunction(node)) this.#function(node, scope, outermost, scope.outer === undefined)
    else if (isClass(node)) this.#class(node, scope, outermost)
    else this.#other(node, scope, outermost)
  }

  #other(node: Tree, scope: Scope, outermost: boolean): void {
    const inner = this.#blockScope(node, scope)
    switch (node.type) {
      case 'Identifier':
        this.#use(node, scope)
        return
      case 'ThisExpression':
        this.#usesThis ||= outermost
        return
      case 'Super':
        this.#rooted.add('super')
        return
      case 'MetaProperty':
        this.#metaProperty(node)
        return
      case 'ImportExpression':
        this.#rooted.add('import()')
        break
      case 'PrivateIdentifier':
        this.#privateUsed.add(String(node.name))
        return
      case 'AssignmentExpression':
        this.#assign(childOf(node, 'left'), scope)
        break
      case 'UpdateExpression':
        this.#assign(childOf(node, 'argument'), scope)
        break
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#assign(childOf(node, 'left'), scope)
        break
      case 'MemberExpression':
        this.#member(node, scope, outermost)
        return
      case 'Property':
        this.#property(node, scope, outermost)
        return
      case 'LabeledStatement':
      case 'BreakStatement':
      case 'ContinueStatement':
        this.#visitEach([childOf(node, 'body')], inner, outermost)
        return
    }
    this.#visitEach(childrenOf(node), inner, outermost)
  }

  #visitEach(nodes: readonly (Tree | undefined)[], scope: Scope, outermost: boolean): void {
    for (const node of nodes) if (node) this.visit(node, scope, outermost)
  }

  #use({ start, end, ...node }: Tree, scope: Scope): void {
    const name = String(Reflect.get(node, 'name'))
    if (isDeclared(scope, name)) return
    this.#references.push({ name, start, end, hides: (other) => isDeclared(scope, other) })
  }

  #assign(target: Tree | undefined, scope: Scope): void {
    for (const name of boundNames(target)) if (!isDeclared(scope, name)) this.#assigned.add(name)
  }

  /** A scope of its own for what a block, a loop or a catch clause declares. */
  #blockScope(node: Tree, outer: Scope): Scope {
    const names = ((): readonly string[] => {
      switch (node.type) {
        case 'BlockStatement':
        case 'StaticBlock':
          return blockNames(listOf(node, 'body'))
        case 'SwitchStatement':
          return blockNames(listOf(node, 'cases').flatMap((each) => listOf(each, 'consequent')))
        case 'ForStatement':
          return blockNames([childOf(node, 'init')].filter(isTree))
        case 'ForInStatement':
        case 'ForOfStatement':
          return blockNames([childOf(node, 'left')].filter(isTree))
        case 'CatchClause':
          return boundNames(childOf(node, 'param'))
        default:
          return []
      }
    })()
    return names.length === 0 ? outer : { names: new Set(names), outer }
  }

  #function(node: Tree, outer: Scope, outermost: boolean, isItself: boolean): void {
    const isArrow = node.type === 'ArrowFunctionExpression'
    const own = isArrow || isItself ? outermost : false
    const parameters = listOf(node, 'params')
    const body = childOf(node, 'body')
    const names = new Set([
      ...boundNames(childOf(node, 'id')),
      ...(isArrow ? [] : ['arguments']),
      ...parameters.flatMap(boundNames),
    ])
    const scope = { names, outer }
    this.#visitEach(parameters, scope, own)
    // Defaults do not see what the body declares.
    const bodyNames = body?.type === 'BlockStatement' ? functionNames(body) : []
    this.#visitEach([body], { names: new Set(bodyNames), outer: scope }, own)
  }

  #class(node: Tree, outer: Scope, outermost: boolean): void {
    const scope = { names: new Set(boundNames(childOf(node, 'id'))), outer }
    const parent = childOf(node, 'superClass')
    this.#visitEach([parent], scope, outermost)
    if (parent?.type === 'Identifier' && !isDeclared(scope, String(parent.name))) {
      this.#extended.add(String(parent.name))
    }
    const before = new Set(this.#rooted)
    for (const member of childOf(node, 'body') ? listOf(classBody(node), 'body') : []) {
      const key = childOf(member, 'key')
      if (key?.type === 'PrivateIdentifier') this.#privateDeclared.add(String(key.name))
      else if (key && member.computed === true) this.visit(key, scope, outermost)
      if (member.type === 'StaticBlock')
        this.visit(member, { names: new Set(functionNames(member)), outer: scope }, false)
      else this.#visitEach([childOf(member, 'value')], { names: new Set(), outer: scope }, false)
    }
    // Inside of the class, `super` means something.
    if (!before.has('super')) this.#rooted.delete('super')
  }

  #metaProperty(node: Tree): void {
    const name = childOf(node, 'meta')?.name
    if (name === 'import') this.#rooted.add('import.meta')
  }

  #member(node: Tree, scope: Scope, outermost: boolean): void {
    const property = childOf(node, 'property')
    const object = childOf(node, 'object')
    if (property && node.computed === true) {
      if (property.type === 'Literal') this.#members.add(String(property.value))
      this.visit(property, scope, outermost)
    } else if (property?.type === 'Identifier') this.#members.add(String(property.name))
    else if (property) this.visit(property, scope, outermost)
    this.#visitEach([object], scope, outermost)
  }

  #property(node: Tree, scope: Scope, outermost: boolean): void {
    const key = childOf(node, 'key')
    if (key && node.computed === true) this.visit(key, scope, outermost)
    else if (key?.type === 'Identifier') this.#members.add(String(key.name))
    else if (key?.type === 'Literal') this.#members.add(String(key.value))
    // `{ method() { super.x } }` has a super of its own.
    const hadSuper = this.#rooted.has('super')
    this.#visitEach([childOf(node, 'value')], scope, outermost)
    if ((node.method === true || node.kind !== 'init') && !hadSuper) this.#rooted.delete('super')
  }
}

function classBody(node: Tree): Tree {
  return childOf(node, 'body') ?? node
}
