// A lint rule that cannot fail is no rule: plants one forbidden import per layer, in a copy that
// lint reads and nothing else does, and expects each to be refused.
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'

const forbidden = [
  ['packages/core/src/model/planted.ts', "import '../options.ts'"],
  ['packages/core/src/http/planted.ts', "import '../session/sessions.ts'"],
  ['packages/core/src/session/planted.ts', "import { request } from 'undici'"],
  ['packages/core/src/session/planted.ts', "import '../http/call.ts'"],
  ['packages/core/src/web/planted.ts', "import { createHash } from 'node:crypto'"],
  ['packages/core/src/web/planted.ts', "import '../client.ts'"],
  ['packages/express/src/planted.ts', "import { z } from 'zod'"],
  ['packages/express/src/planted.ts', "import '@linkpass/emulator'"],
  ['packages/emulator/src/planted.ts', "import { createDescopeClient } from '@linkpass/core'"],
  ['examples/quickstart/planted.ts', "import '../../packages/core/src/client.ts'"],
]

let missed = 0
for (const [path, line] of forbidden) {
  writeFileSync(path, `${line}\n`)
  const { stdout } = spawnSync('oxlint', [path], { encoding: 'utf8' })
  rmSync(path)
  if (stdout.includes('no-restricted-imports')) continue
  missed++
  console.error(`lint let this pass: ${line} in ${path}`)
}

// Two files that import each other, by type only: the cycle rule counts those too.
const [a, b] = ['packages/core/src/planted-a.ts', 'packages/core/src/planted-b.ts']
writeFileSync(a, "import type { B } from './planted-b.ts'\nexport type A = B | 1\n")
writeFileSync(b, "import type { A } from './planted-a.ts'\nexport type B = A | 2\n")
const { stdout } = spawnSync('oxlint', [a, b], { encoding: 'utf8' })
rmSync(a)
rmSync(b)
if (!stdout.includes('no-cycle')) {
  missed++
  console.error('lint let an import cycle pass')
}

if (missed > 0) process.exit(1)
console.log(`${forbidden.length + 1} planted violations, all refused`)
