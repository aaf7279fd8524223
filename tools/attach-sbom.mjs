// `node tools/attach-sbom.mjs DIRECTORY`, in the release workflow: adds the bills of materials of the packages in PUBLISHED, a JSON
// array of names and versions, to their releases on GitHub.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const directory = process.argv[2]
const published = JSON.parse(process.env.PUBLISHED ?? '[]')
if (!directory) throw new Error('Name the directory that `npm run sbom` has written.')
for (const { name, version } of published) {
  const file = `${name.replace('@', '').replace('/', '-')}-${version}.cdx.json`
  const args = ['release', 'upload', `${name}@${version}`, join(directory, file), '--clobber']
  execFileSync('gh', args, { stdio: 'inherit' })
}
