import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** Every page, by section and in the order in which it is read. */
const sections = {
  Start: ['guides/first-steps', 'concepts', 'guides/live-loop'],
  Learn: [
    'learn/index',
    'learn/computation-graph',
    'learn/nodes-and-bundles',
    'learn/trainable-parameters',
    'learn/feedback-functions',
    'learn/choosing-an-optimizer',
    'learn/writing-better-feedback',
    'learn/debugging-an-optimization',
    'learn/several-agents',
  ],
  Recording: [
    'guides/instrumenting-an-agent',
    'guides/openai',
    'frameworks',
    'guides/streaming',
    'guides/bundlers',
    'guides/values',
    'guides/lineage',
    'guides/privacy',
  ],
  Improving: [
    'guides/feedback-functions',
    'guides/trust-in-feedback',
    'guides/names-of-feedback',
    'guides/feedback-from-a-web-backend',
    'optimizers',
    'guides/code-parameters',
    'guides/models-and-endpoints',
    'guides/parameters-in-production',
    'guides/what-you-approve',
    'real-model',
  ],
  Proving: [
    'guides/evaluating',
    'guides/datasets',
    'guides/running-agents',
    'guides/replay',
    'guides/gate',
    'guides/pull-requests',
    'guides/configuration',
  ],
  Operating: [
    'collector',
    'guides/operating-the-collector',
    'guides/backup-and-upgrade',
    'guides/keep-your-observability-stack',
    'guides/when-something-is-wrong',
    'reliability',
    'performance',
  ],
  Evidence: ['evidence/collector', 'evidence/reliability'],
  Reference: ['command-line', 'errors', 'tables', 'semantic-conventions', 'architecture'],
} satisfies Record<string, readonly string[]>

interface Item {
  readonly text: string
  readonly link: string
}

/** The sidebar: each section with the titles of its pages, and the API reference. */
export function sidebar(docs: string): { text: string; collapsed: boolean; items: Item[] }[] {
  const pages = markdownFiles(docs)
  const listed = new Set<string>(Object.values(sections).flat())
  const unlisted = pages.filter((page) => page !== 'index' && !listed.has(page))
  const prose = unlisted.filter((page) => !page.startsWith('api/'))
  if (prose.length > 0)
    throw new Error(`List in docs/.vitepress/pages.ts, in a section: ${prose.join(', ')}`)
  const item = (page: string) => ({ text: titleOf(docs, page), link: `/${page}` })
  const reference = unlisted.filter((page) => page.startsWith('api/')).sort()
  return [...Object.entries(sections), ['API', reference] as const].map(([text, names]) => ({
    text,
    collapsed: text === 'API',
    items: names.map(item),
  }))
}

function markdownFiles(docs: string): string[] {
  return readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.md') && !/(^|\/)(node_modules|\.vitepress)\//.test(path))
    .map((path) => path.slice(0, -'.md'.length))
}

/** The first heading of a page; fails where a section names a page that is not there. */
function titleOf(docs: string, page: string): string {
  const text = readFileSync(join(docs, `${page}.md`), 'utf8')
  return (/^# (.+)$/m.exec(text)?.[1] ?? page).replace(/[`\\]/g, '')
}
