import { Agent, RetryAgent } from 'undici'
import { expect, test } from 'vitest'
import { expectQuietProcess } from '../packages/core/test/quiet-process.ts'
import { faultProxy } from '../soak/fault-proxy.ts'
import type { Finding } from '../soak/finding.ts'
import { proofs } from '../soak/proofs.ts'

expectQuietProcess()

const seed = 20_260_115

test.each(['fault-proxy', 'refresh-herd', 'emulator-memory', 'waits', 'slow-service', 'day'])(
  'a short run of %s holds every bar that is a count',
  async (name) => {
    const findings = (await proofs[name]?.quick(seed)) ?? []
    expect(findings).not.toEqual([])
    expect(missed(findings)).toEqual([])
  },
  120_000,
)

test('a client that repeats a POST after a cut is caught mailing twice', async () => {
  const repeating = new RetryAgent(new Agent(), { methods: ['POST'], minTimeout: 1 })
  const findings = await faultProxy({
    signIns: 30,
    seed,
    atOnce: 1,
    client: { dispatcher: repeating },
  })
  await repeating.close()
  expect(missed(findings)).toEqual([expect.stringMatching(/^starts that mailed twice: \d+/)])
}, 120_000)

/** The counts that miss their bar; what is measured is for `npm run soak`, at full size. */
function missed(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ holds, measured }) => !holds && !measured)
    .map(({ what, value, bar }) => `${what}: ${value} (${bar})`)
}
