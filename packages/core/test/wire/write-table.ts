// Run as `node -C @linkpass/source --import tsx packages/core/test/wire/write-table.ts` after changing the wire cases.
import { readFileSync, writeFileSync } from 'node:fs'
import { withTable } from './table.ts'

const page = new URL('../../../../docs/client.md', import.meta.url)
writeFileSync(page, withTable(readFileSync(page, 'utf8')))
