// Writes the API reference to docs/api: one page for each entry point of a published package, from its doc comments.
import { access, rm } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { Application } from 'typedoc'
import { publishedWorkspaces, root } from '../../tools/workspaces.mjs'

/** The entry points that are for users, as npm names them, with the source of each. */
function entryPoints() {
  return publishedWorkspaces().flatMap(({ directory, manifest }) =>
    Object.entries(manifest.exports)
      .filter(([path, target]) => typeof target === 'object' && !path.startsWith('./internal'))
      .map(([path, { types }]) => ({
        name: join(manifest.name, path),
        file: join(root, directory, types.replace('dist/', 'src/').replace(/\.d\.ts$/, '.ts')),
      })),
  )
}

const entries = entryPoints()
const out = join(root, 'docs/api')
await rm(out, { recursive: true, force: true })
const application = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  tsconfig: join(root, 'tsconfig.json'),
  entryPoints: entries.map(({ file }) => file),
  // Sources, not what was built of them: a link from one package to another leads to its page.
  compilerOptions: {
    noEmit: true,
    paths: Object.fromEntries(entries.map(({ name, file }) => [name, [file]])),
  },
  // `npm run typecheck` has said so already.
  skipErrorChecking: true,
  disableSources: true,
  readme: 'none',
  name: 'API reference',
  router: 'module',
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  // A property in a table has no heading to link to.
  useHTMLAnchors: true,
  anchorPrefix: 'api-',
  parametersFormat: 'table',
  propertyMembersFormat: 'table',
  outputs: [{ name: 'markdown', path: out }],
})
const project = await application.convert()
if (!project) stop('typedoc could not read the sources; its messages are above')
const names = new Map(entries.map(({ name, file }) => [placeOf(file), name]))
for (const module of project.children ?? []) module.name = names.get(module.name) ?? module.name
// Pages take their names in this order: `@trace2/instrumentation/node` is the page of the door, and not of the function.
project.childrenIncludingDocuments?.sort(
  (a, b) => b.name.split('/').length - a.name.split('/').length,
)
application.validate(project)
await application.generateOutputs(project)
for (const { name } of entries) await access(join(out, `${name}.md`))
// A link in a doc comment that leads nowhere is a dead link of the site.
if (application.logger.hasErrors() || application.logger.hasWarnings())
  stop('typedoc warned of a fault in a doc comment, such as a link that leads nowhere (see above)')

/** Ends the build before the site is made, and says why. */
function stop(reason) {
  console.error(`Error: the site was not written: ${reason}.`)
  process.exit(1)
}

/** What typedoc calls a module: its path below the folder that all have in common. */
function placeOf(file) {
  return relative(join(root, 'packages'), file)
    .split(sep)
    .join('/')
    .replace(/(\/index)?\.ts$/, '')
}
