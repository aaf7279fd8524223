/**
 * Names that a module exports, as its text says them: it is not loaded, since that may run the agent. `undefined` where the text
 * does not tell all of them, as of CommonJS or `export *`.
 */
export function exportedNames(source: string): ReadonlySet<string> | undefined {
  const text = withoutComments(source)
  const isUnclear =
    /\bexport\s*(?:\*|=)|\bexport\s+(?:const|let|var)\s*[[{]|\b(?:module\.)?exports\b/.test(text)
  if (isUnclear) return undefined
  const names = new Set<string>()
  for (const [, name = ''] of text.matchAll(declared)) names.add(name)
  for (const [, list = ''] of text.matchAll(/\bexport\s*\{([^}]*)\}/g)) {
    for (const one of list.split(',')) {
      const name = /([\w$]+|"[^"]*"|'[^']*')\s*$/.exec(one.trim())?.[1]
      if (name !== undefined && !/^type\s/.test(one.trim()))
        names.add(name.replace(/^["']|["']$/g, ''))
    }
  }
  // Of several variables in one statement only the first is found: the others are taken for exported.
  for (const [, name = ''] of text.matchAll(/,\s*([\w$]+)\s*(?::[^=,\n]+)?=(?![=>])/g)) {
    if (/\bexport\s+(?:const|let|var)\b/.test(text)) names.add(name)
  }
  if (/\bexport\s+default\b/.test(text)) names.add('default')
  return names
}

const declared =
  /\bexport\s+(?:declare\s+)?(?:const|let|var|(?:async\s+)?function\s*\*?|(?:abstract\s+)?class|enum)\s*([\w$]+)/g

/** Comments that begin a line, and those in `/*`: one after code may be part of a text. */
function withoutComments(source: string): string {
  return source.replace(/^\s*\/\/.*$/gm, '').replace(/^\s*\/\*[\s\S]*?\*\//gm, '')
}
