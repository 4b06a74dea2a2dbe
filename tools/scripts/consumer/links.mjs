// Every package brings its security policy, and every link in its documents leads to a file.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const packages = join(import.meta.dirname, 'node_modules/@linkpass')
for (const name of readdirSync(packages)) {
  const folder = join(packages, name)
  assert.ok(existsSync(join(folder, 'SECURITY.md')), `${name} has no SECURITY.md`)
  for (const document of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
    const text = readFileSync(join(folder, document), 'utf8').replaceAll(/```[\s\S]*?```/g, '')
    for (const [, path] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      assert.ok(existsSync(join(folder, path)), `${name}: ${document} links to ${path}`)
    }
  }
}
