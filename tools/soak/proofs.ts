import { day } from './day.ts'
import { testsElsewhere } from './elsewhere.ts'
import { emulatorMemory } from './emulator-memory.ts'
import { faultProxy } from './fault-proxy.ts'
import type { Finding } from './finding.ts'
import { refreshHerd } from './refresh-herd.ts'
import { slowService } from './slow-service.ts'
import { waits } from './waits.ts'

/** A proof: the sentence that it shows, at full size or in seconds. */
export interface Proof {
  readonly claim: string
  readonly full: Run
  readonly quick: Run
}

type Run = (seed: number) => Promise<readonly Finding[]>

const keyTests = 'packages/core/test/session/threats-keys.test.ts'
const rotation: Run = () => testsElsewhere(keyTests, 'R-03')
const outage: Run = () => testsElsewhere(keyTests, 'T-22 and R-02')

/** All of them, by name, in the order of `npm run soak`. */
export const proofs: Readonly<Record<string, Proof>> = {
  'fault-proxy': {
    claim:
      'people sign in through a network that cuts one connection in ten, and get no mail twice',
    full: (seed) => faultProxy({ signIns: 2000, seed }),
    quick: (seed) => faultProxy({ signIns: 60, seed, atOnce: 1 }),
  },
  'refresh-herd': {
    claim: 'five requests at once with an expired session cost one refresh, and sign nobody out',
    full: () => refreshHerd({ people: 500, requests: 5 }),
    quick: () => refreshHerd({ people: 50, requests: 5 }),
  },
  'emulator-memory': {
    claim: 'the emulator stays as small as it was',
    full: () => emulatorMemory({ signIns: 100_000 }),
    quick: () => emulatorMemory({ signIns: 100 }),
  },
  waits: {
    claim:
      'waits for enchanted links end as they must, whatever hits their polls, and leave nothing',
    full: (seed) => waits({ count: 1000, seed }),
    quick: (seed) => waits({ count: 60, seed }),
  },
  rotation: {
    claim: 'a rotation of keys refuses nobody',
    full: rotation,
    quick: rotation,
  },
  outage: {
    claim: 'an hour without the key server refuses nobody, and lets nobody in',
    full: outage,
    quick: outage,
  },
  'slow-service': {
    claim: 'a service that takes three seconds holds up nobody who is signed in',
    full: () => slowService({ requests: 300, answersAfterMs: 3000, inRealTime: true }),
    quick: () => slowService({ requests: 100, answersAfterMs: 3_600_000, inRealTime: false }),
  },
  day: {
    claim: 'a day with rotations and outages brings no false decision, and no growth',
    full: () => day({ minutes: 24 * 60, people: 10 }),
    quick: () => day({ minutes: 400, people: 2 }),
  },
}
