import { existsSync, statSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import type { MarkdownEnv, MarkdownRenderer } from 'vitepress'

export const repository = 'https://github.com/trace2/trace2-ts'

/**
 * Links out of `docs` lead to the repository's files, which the site does not have. A link to a file that is not there
 * ends the build; of links inside of `docs`, VitePress says so itself.
 */
export function linkToRepository(docs: string): (markdown: MarkdownRenderer) => void {
  const root = dirname(docs)
  return (markdown) => {
    markdown.core.ruler.push('link-to-repository', ({ tokens, env }) => {
      const { path: page }: MarkdownEnv = env
      for (const token of tokens.flatMap(({ children }) => children ?? [])) {
        const target = token.type === 'link_open' ? token.attrGet('href') : null
        if (target === null || /^([a-z]+:|[/#])/.test(target)) continue
        const [path = '', hash] = target.split('#')
        const file = resolve(dirname(page), path)
        if (file.startsWith(docs + sep)) continue
        if (!existsSync(file)) throw new Error(`${page} links to ${target}, which is not there.`)
        const kind = statSync(file).isDirectory() ? 'tree' : 'blob'
        const place = relative(root, file).split(sep).join('/')
        token.attrSet('href', [`${repository}/${kind}/main/${place}`, hash].join(hash ? '#' : ''))
      }
    })
  }
}
