// `npm run sbom [directory]`: writes a bill of materials (CycloneDX 1.5) for each published package into a directory, `packs/sbom`
// where none is named: everything that the lock file installs with it, on any platform. `npm sbom -w` leaves out what the root or
// another workspace asks for in its `devDependencies`, even where the package asks for it too.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { publishedWorkspaces, root } from './workspaces.mjs'

const directory = resolve(process.argv[2] ?? join(root, 'packs', 'sbom'))
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
const inside = 'node_modules/'

/** Where a package that is at `from` finds a package: beside it, or in a folder above. A link leads to a workspace. */
function found(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))) {
    const place = `${folder === '' ? '' : `${folder}/`}${inside}${name}`
    if (packages[place]) return packages[place].link ? packages[place].resolved : place
    if (folder === '') return undefined
  }
}

/** Peers are installed too: npm does so by itself. */
function neededBy({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta }) {
  const peers = Object.keys(peerDependencies ?? {})
  const wanted = peers.filter((name) => !peerDependenciesMeta?.[name]?.optional)
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...wanted]
}

function nameAt(place) {
  const at = place.lastIndexOf(inside)
  return at < 0 ? packages[place].name : place.slice(at + inside.length)
}

function purlOf(place) {
  return `pkg:npm/${nameAt(place).replace('@', '%40')}@${packages[place].version}`
}

function componentAt(place) {
  const { version, integrity = '', license } = packages[place]
  const [, hash] = /^sha512-(.*)$/.exec(integrity) ?? []
  return {
    type: 'library',
    'bom-ref': place,
    name: nameAt(place),
    version,
    purl: purlOf(place),
    ...(hash && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }],
    }),
    ...(license && { licenses: [{ expression: license }] }),
  }
}

/** Everything below the package in a folder, and what each part of it asks for. */
function billOf(folder) {
  const asked = new Map()
  const left = [folder]
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    if (asked.has(place)) continue
    const places = neededBy(packages[place]).flatMap((name) => found(name, place) ?? [])
    asked.set(place, places)
    left.push(...places)
  }
  const places = [...asked.keys()].sort()
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: componentAt(folder) },
    components: places.filter((place) => place !== folder).map(componentAt),
    dependencies: places.map((place) => ({ ref: place, dependsOn: asked.get(place).sort() })),
  }
}

mkdirSync(directory, { recursive: true })
for (const { directory: folder, manifest } of publishedWorkspaces()) {
  const bill = billOf(folder)
  const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.cdx.json`
  writeFileSync(join(directory, file), `${JSON.stringify(bill, null, 2)}\n`)
  console.log(`${file}: ${bill.components.length} components`)
}
