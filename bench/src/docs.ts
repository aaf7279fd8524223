// `npm run docs:performance`: writes the saved figures into docs/performance.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withFigures } from './harness/page.ts'
import { readSaved } from './harness/saved.ts'

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const saved = readSaved(fileURLToPath(new URL('../baseline.json', import.meta.url)))
if (!saved) throw new Error('Nothing is saved: npm run bench -- --save bench/baseline.json')
writeFileSync(page, withFigures(readFileSync(page, 'utf8'), saved))
