// `npm run docs:imports`: draws docs/figures/packages.dot, the arrows between the packages, and prints what the imports of the
// tree come to: packages, files, arrows, circles. With a directory it prints that for another tree, with --dot the drawing
// alone, with --doors each import that goes past the index.ts of a folder or by a path into another package, with --circles each
// circle of files. Tests and their helpers are left out.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const own = fileURLToPath(new URL('..', import.meta.url))
const [argument] = process.argv.slice(2)
const root = resolve(argument === undefined || argument.startsWith('--') ? own : argument)
const packages = join(root, 'packages')

/** Each source file, by its path below packages/, with the files and packages that it imports. */
const files = new Map()
const manifests = new Map()
for (const name of readdirSync(packages)) {
  const manifest = join(packages, name, 'package.json')
  if (!existsSync(manifest)) continue
  manifests.set(JSON.parse(readFileSync(manifest, 'utf8')).name, name)
  for (const path of readdirSync(join(packages, name, 'src'), { recursive: true })) {
    const isSource = path.endsWith('.ts') && !/\.test\.|(?:^|\/)testing\/|\/generated\//.test(path)
    if (isSource) files.set(join(name, 'src', path), { files: new Set(), packages: new Set() })
  }
}
/** Imports by a path that leads out of the package: what another one is reached by is its name. */
const outOfPackage = []
for (const [path, imports] of files) {
  const text = readFileSync(join(packages, path), 'utf8')
  // `import('./a.ts').A` in a type is one too.
  const statements =
    /^(?:import|export)\b[^'"`;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm
  for (const [, ...names] of text.matchAll(statements)) {
    const from = names.find((name) => name !== undefined) ?? ''
    if (from.startsWith('.')) {
      const target = relative(packages, resolve(packages, dirname(path), from))
      if (files.has(target)) imports.files.add(target)
      if (!target.startsWith(`${path.split(sep)[0]}${sep}`))
        outOfPackage.push(`${path} -> ${target}`)
    } else {
      const target = [...manifests].find(([name]) => from === name || from.startsWith(`${name}/`))
      if (target) imports.packages.add(target[1])
    }
  }
}

/** Sets of nodes that reach one another (Tarjan 1972), each of more than one. */
function circles(next) {
  const index = new Map()
  const low = new Map()
  const stack = []
  const found = []
  const visit = (node) => {
    index.set(node, index.size)
    low.set(node, index.get(node))
    stack.push(node)
    for (const to of next.get(node) ?? []) {
      if (!index.has(to)) visit(to)
      if (stack.includes(to)) low.set(node, Math.min(low.get(node), low.get(to)))
    }
    if (low.get(node) !== index.get(node)) return
    const circle = stack.splice(stack.indexOf(node))
    if (circle.length > 1) found.push(circle)
  }
  for (const node of next.keys()) if (!index.has(node)) visit(node)
  return found
}

const arrows = new Map([...manifests.values()].sort().map((name) => [name, new Set()]))
for (const [path, imports] of files) {
  const from = path.split('/')[0]
  for (const to of imports.packages) if (to !== from) arrows.get(from).add(to)
}
const between = circles(new Map([...files].map(([path, imports]) => [path, imports.files])))

/** The folder whose door an import goes past: the outermost one that has a door and that the importing file is not in. */
function folderEntered(from, to) {
  let entered
  for (let folder = dirname(to); folder.split('/').length > 2; folder = dirname(folder)) {
    const door = join(folder, 'index.ts')
    if (files.has(door) && to !== door && !from.startsWith(`${folder}/`)) entered = folder
  }
  return entered
}

/** Whether an import reaches an engine otherwise than through the list of engines: another engine's does too. */
function reachesEngine(from, to) {
  const engine = /^store\/src\/engines\/[^/]+\//.exec(to)?.[0]
  return engine !== undefined && !from.startsWith(engine) && from !== 'store/src/engines/index.ts'
}

const pastDoors = [...files].flatMap(([from, imports]) =>
  [...imports.files]
    .filter((to) => folderEntered(from, to) || reachesEngine(from, to))
    .map((to) => `${from} -> ${to}`),
)
if (argument === '--doors') for (const line of [...outOfPackage, ...pastDoors]) console.log(line)
if (argument === '--circles') for (const circle of between) console.log(circle.join(' -> '))
const count = (of) => [...of.values()].reduce((sum, { size }) => sum + size, 0)
if (!argument?.startsWith('--')) {
  console.log(`packages                  ${arrows.size}`)
  console.log(`source files              ${files.size}`)
  console.log(`arrows between packages   ${count(arrows)}`)
  console.log(`circles between packages  ${circles(arrows).length}`)
  console.log(
    `circles between files     ${between.length}, with ${between.flat().length} files, types included`,
  )
  console.log(`imports past a door       ${pastDoors.length}`)
}
if (root === resolve(own)) {
  // An arrow that follows from two others says nothing new.
  const reach = (from, without, seen = new Set()) =>
    [...arrows.get(from)].some((to) => {
      if (seen.has(to)) return false
      seen.add(to)
      return to === without || reach(to, without, seen)
    })
  const lines = [...arrows].flatMap(([from, all]) =>
    [...all]
      .filter((to) => ![...all].some((other) => other !== to && reach(other, to)))
      .sort()
      .map((to) => `  "${from}" -> "${to}"`),
  )
  const dot = `// Made by \`npm run docs:imports\`: the arrows that do not follow from others.
digraph packages {
  rankdir=BT
  node [shape=box, style=rounded, fontname=Helvetica, fontsize=12]
${[...arrows.keys()].map((name) => `  "${name}"`).join('\n')}
${lines.join('\n')}
}
`
  if (argument === '--dot') process.stdout.write(dot)
  else if (argument === undefined) writeFileSync(join(own, 'docs/figures/packages.dot'), dot)
}
