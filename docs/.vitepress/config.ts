import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { linkToRepository, repository } from './links.ts'
import { sidebar } from './pages.ts'
import { search } from './search.ts'
import { slug } from './slug.ts'

const docs = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

export default defineConfig({
  title: 'Trace2',
  description:
    'AutoDiff for AI agents, offline: OpenTelemetry spans in, better prompts and code out.',
  // Where the site is not at the root of its host, as on GitHub Pages.
  base: process.env.TRACE2_DOCS_BASE ?? '/',
  cleanUrls: true,
  lastUpdated: false,
  markdown: { anchor: { slugify: slug }, config: linkToRepository(docs) },
  themeConfig: {
    search: { provider: 'local', options: search },
    outline: [2, 3],
    sidebar: sidebar(docs),
    nav: [
      { text: 'First steps', link: '/guides/first-steps' },
      { text: 'Learn', link: '/learn/' },
      { text: 'Commands', link: '/command-line' },
      { text: 'API', link: '/api/' },
    ],
    socialLinks: [{ icon: 'github', link: repository }],
  },
})
