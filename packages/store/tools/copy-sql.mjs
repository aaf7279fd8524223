// Puts the SQL files beside the compiled code: tsc copies no other files.
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative) =>
  fileURLToPath(new URL(`../${relative}/engines/duckdb/sql`, import.meta.url))
cpSync(path('src'), path('dist'), { recursive: true })
