import type { DefaultTheme } from 'vitepress'

/** Headings of the API reference that are the same on every page, and lead a search nowhere. */
const repeated =
  /<h([1-6])[^>]*>\s*(?:Accessors|Call Signature|Classes|Constructors|Default Value|Example|Extended by|Extends|Functions|Get Signature|Implementation of|Implements|Index Signature|Inherited from|Interfaces|Methods|Overrides|Parameters|Properties|Remarks|Returns|See|Throws|Type Aliases|Type Literal|Type Parameters?|Variables)\s*<a class="header-anchor"[\s\S]*?<\/h\1>/g

/**
 * Search in the pages that explain before the API reference, which has twenty times as many sections: what stands below a
 * heading such as Returns belongs to the section of its function.
 */
export const search: DefaultTheme.LocalSearchOptions = {
  _render: (text, env, markdown) => {
    const html = markdown.render(text, env)
    return env.relativePath.startsWith('api/') ? html.replace(repeated, '') : html
  },
  miniSearch: {
    searchOptions: {
      // Runs in the browser, without this module.
      boostDocument: (page: string) => (page.includes('/api/') ? 0.4 : 1),
    },
  },
}
