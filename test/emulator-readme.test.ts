import { readFileSync } from 'node:fs'
import { startEmulator } from '@linkpass/emulator'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../docs/emulator.md', import.meta.url), 'utf8')

test('every control path that the documents name is there', async () => {
  await using emulator = await startEmulator()
  const named = [...page.matchAll(/\| `(GET|POST|DELETE) (\/_emulator\/[^`?]*)/g)]
  expect(named.length).toBeGreaterThan(10)
  for (const [, method = '', path = ''] of named) {
    const query = path.endsWith('/wait') ? '?timeoutMs=1' : ''
    const response = await fetch(emulator.url + path.replace(':id', 'none') + query, { method })
    if (response.ok || response.status === 408) await response.body?.cancel()
    // A message or body that is not there is refused for that; only a path that is not says this.
    else expect(await response.text()).not.toContain('no such control endpoint')
  }
})
