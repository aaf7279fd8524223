import { readFileSync } from 'node:fs'

/** What version 1 of the tables was made with: no code makes them any more. */
export const firstSchema = readFileSync(new URL('schema-1.sql', import.meta.url), 'utf8')
