// Shows that the layer rules can fail: copies the configuration of lint to a temporary folder, plants
// a forbidden import for each layer there, and expects lint to report each one.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { layers } from '../lint/layers.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const rule = 'linkpass(layers)'

/** Where something is planted, what, and the rule that must report it. */
const planted = []
const plant = (file, text, code = rule) => planted.push({ file, text, code })

// Every layer but the topmost imports a file of the row above it.
for (const [name, { rows }] of Object.entries(layers)) {
  rows.slice(1).forEach((entries, index) => {
    const above = pathIn(rows[index][0])
    for (const entry of entries) plantIn(name, entry, (up) => `import '${up}${above}'`)
  })
}
// Entries of one row do not import each other.
plant('packages/core/src/session/planted.ts', "import '../calls/account.ts'")
plant('packages/core/src/calls/planted.ts', "import { request } from '../http/service.ts'")
// Modules that only some files may import, and packages that a package must not know.
const refusedImports = {
  'core/src/model': ["'undici'", "'zod'", "'@linkpass/web'"],
  'core/src/session': ["'node:crypto'", "'jose'", "'zod'"],
  'web/src/request': ["'express'", "'hono'", "'node:http'", "'node:crypto'", "'undici'", "'zod'"],
  'web/src/guard': ["'jose'", "'@linkpass/express'", "'../../../core/src/errors.ts'"],
  'express/src': ["'express'", "'zod'", "'@linkpass/emulator'", "'@linkpass/core/internal'"],
  'emulator/src/world': ["'@linkpass/core'", "'@linkpass/web'", "'express'"],
}
for (const [folder, specifiers] of Object.entries(refusedImports)) {
  for (const specifier of specifiers) {
    plant(`packages/${folder}/planted-${planted.length}.ts`, `import { a } from ${specifier}`)
  }
}
// Types alone are refused as well.
plant('packages/web/src/pages/planted.ts', "import type { Request } from 'express'")
// A source file without a layer.
plant('packages/core/src/planted.ts', 'export const a = 1')
plant('packages/web/src/planted/a.ts', 'export const a = 1')
plant('packages/planted/src/index.ts', 'export const a = 1')
// The global `crypto`.
for (const name of ['core/src/session', 'web/src/attempt']) {
  const text = 'export const id = crypto.randomUUID()'
  plant(`packages/${name}/planted-global.ts`, text, 'eslint(no-restricted-globals)')
}
// Two files that import each other, by type alone.
for (const [own, other] of ['ab', 'ba']) {
  const text = `import type { T } from './planted-${other}.ts'\nexport type { T }`
  plant(`packages/core/src/model/planted-${own}.ts`, text, 'import(no-cycle)')
}
const byPath = "import '../../packages/core/src/client.ts'"
plant('examples/quickstart/planted.ts', byPath, 'eslint(no-restricted-imports)')

const missed = missedBy(planted)
for (const { file, text } of missed) console.error(`lint did not report ${file}: ${text}`)
if (missed.length > 0) process.exit(1)
console.log(`${planted.length} planted violations, all reported`)

/** Plants in a file or a folder of a package; `*` is any file. */
function plantIn(name, entry, textOf) {
  for (const one of entry.split(' ')) {
    const isFolder = one.endsWith('/')
    const file = isFolder ? `${one}planted-up-${planted.length}.ts` : one
    plant(`packages/${name}/src/${file}`, textOf(isFolder ? '../' : './'))
  }
}

function pathIn(entry) {
  const [first] = entry.split(' ')
  return first.endsWith('/') ? `${first}any.ts` : first
}

/** Lints a copy with everything planted; returns what was not reported. */
function missedBy(all) {
  const copy = mkdtempSync(join(tmpdir(), 'linkpass-layers-'))
  try {
    cpSync(join(root, '.oxlintrc.json'), join(copy, '.oxlintrc.json'))
    cpSync(join(root, 'tools/lint'), join(copy, 'tools/lint'), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
    for (const { file, text } of all) {
      mkdirSync(dirname(join(copy, file)), { recursive: true })
      writeFileSync(join(copy, file), `${text}\n`)
    }
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
    const args = [oxlint, '--format=json', 'packages', 'examples']
    const { stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' })
    const { diagnostics } = JSON.parse(stdout)
    const reported = new Set(diagnostics.map(({ filename, code }) => `${filename} ${code}`))
    return all.filter(({ file, code }) => !reported.has(`${file} ${code}`))
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
