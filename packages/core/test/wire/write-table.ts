// Run as `node -C @linkpass/source --import tsx packages/core/test/wire/write-table.ts` after changing the wire cases.
import { readFileSync, writeFileSync } from 'node:fs'
import { withTable } from './table.ts'

const readme = new URL('../../README.md', import.meta.url)
writeFileSync(readme, withTable(readFileSync(readme, 'utf8')))
