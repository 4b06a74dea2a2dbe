import type { Diagnosis } from '../diagnosis.ts'
import type { InstalledCopy } from '../installed-copies.ts'

// The emulator is a tool for development: it works with every version.
const releasedTogether: ReadonlySet<string> = new Set(
  ['core', 'web', 'express', 'fetch', 'redis'].map((name) => `@linkpass/${name}`),
)

export const copies: Diagnosis = {
  name: 'copies',
  examine: ({ copies }) => {
    const names = [...new Set(copies.map(({ name }) => name))]
    const several = names
      .map((name) => copies.filter((copy) => copy.name === name))
      .filter((same) => same.length > 1)
    const expected = 'one copy of each package, all of one version'
    const fix =
      'Use one version range everywhere, then npm dedupe or pnpm dedupe. npm ls @linkpass/core shows who asks for which.'
    if (several.length > 0) {
      const found = several.map(
        (same) => `${same[0]?.name} is there ${same.length} times: ${list(same)}`,
      )
      return { status: 'problem', found: found.join('; '), expected, fix }
    }
    const together = copies.filter(({ name }) => releasedTogether.has(name))
    if (new Set(together.map(({ version }) => version)).size > 1) {
      const found = `versions differ: ${together.map(({ name, version }) => `${name} ${version}`).join(', ')}`
      return { status: 'problem', found, expected, fix: 'Update all @linkpass packages together.' }
    }
    return {
      status: 'ok',
      found: names.length === 0 ? 'no Linkpass package is installed here' : names.join(', '),
    }
  },
}

function list(same: readonly InstalledCopy[]): string {
  return same.map(({ version, path }) => `${version} in ${path}`).join(', ')
}
