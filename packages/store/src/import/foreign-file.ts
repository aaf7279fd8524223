type Fits = (head: Buffer, text: string) => boolean

const TAR_MARK_AT = 257
const DUCKDB_MARK_AT = 8

/** Files that others export or pack, told by how they begin, with what to do instead. */
const forms: readonly (readonly [what: string, instead: string, fits: Fits])[] = [
  ['a ZIP archive', 'unpack it, and import the files in it', begins('PK\u0003\u0004')],
  ['a tar archive', 'unpack it, and import the files in it', begins('ustar', TAR_MARK_AT)],
  ['a 7z archive', 'unpack it, and import the files in it', begins('7z\u00bc\u00af')],
  ['packed by zstd', 'unpack it, or pack it with gzip', begins('\u0028\u00b5\u002f\u00fd')],
  ['packed by bzip2', 'unpack it, or pack it with gzip', begins('BZh')],
  ['packed by xz', 'unpack it, or pack it with gzip', begins('\u00fd7zXZ')],
  [
    'a table of Parquet',
    'import the whole directory if `trace2 export` wrote it, or export OTLP from the other tool',
    begins('PAR1'),
  ],
  ['a table of Arrow', 'export OTLP from the tool that wrote it', begins('ARROW1')],
  ['a database of DuckDB', 'name it with --db to read it', begins('DUCK', DUCKDB_MARK_AT)],
  [
    'a database of SQLite',
    'let its program send OTLP to `trace2 collect`',
    begins('SQLite format 3'),
  ],
  [
    'a web page',
    'download the export itself, perhaps after a login',
    (_, text) => /^\s*<(?:!doctype|html)/i.test(text),
  ],
  ['XML', 'export OTLP from the tool that wrote it', (_, text) => /^\s*<\?xml/i.test(text)],
  ['a table of text (CSV)', 'export OTLP from the tool that wrote it', (_, text) => isTable(text)],
]

/** What a file that is no OTLP is, and what to do instead; `undefined` where it is nothing that is known. */
export function foreignFile(head: Buffer): string | undefined {
  const form = forms.find(([, , fits]) => fits(head, head.toString('utf8')))
  return form && `It is ${form[0]}: ${form[1]}.`
}

function begins(mark: string, at = 0): Fits {
  const bytes = Buffer.from(mark, 'latin1')
  return (head) => head.subarray(at, at + bytes.byteLength).equals(bytes)
}

/** A line of names, and none of JSON behind it. */
function isTable(text: string): boolean {
  const [names = '', ...rows] = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
  const name = /(?:"[\w. :/-]+"|[A-Za-z_][\w. :/-]*)/.source
  const isHead = new RegExp(`^${name}(?:[,;\\t]${name})+$`).test(names)
  return isHead && !rows.some((row) => row.trimStart().startsWith('{'))
}
