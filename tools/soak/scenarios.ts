import { day } from './day.ts'
import { runPackageTests } from './package-tests.ts'
import { emulatorMemory } from './emulator-memory.ts'
import { faultProxy } from './fault-proxy.ts'
import type { Finding } from './finding.ts'
import { flood } from './flood.ts'
import { many } from './many.ts'
import { oracle } from './oracle.ts'
import { refreshHerd } from './refresh-herd.ts'
import { slowService } from './slow-service.ts'
import { storeOutage } from './store-outage.ts'
import { waits } from './waits.ts'

/** A scenario: what it shows, and its runs at full size and in seconds. */
export interface Scenario {
  readonly claim: string
  readonly full: Run
  readonly quick: Run
}

type Run = (seed: number) => Promise<readonly Finding[]>

const keyTests = 'packages/core/test/jwks/threats-keys.test.ts'
/** The scenarios that are tests of a package: its file, and a part of the full names. */
export const packageTests = {
  rotation: { file: keyTests, name: 'R-03' },
  outage: { file: keyTests, name: 'T-22 and R-02' },
} as const
const rotation: Run = () => runPackageTests(packageTests.rotation)
const outage: Run = () => runPackageTests(packageTests.outage)
const doubleClick = {
  file: 'packages/express/test/adapter/deployment.test.ts',
  name: 'one link twice signs in both times',
}

/** All scenarios by name, in the order of `npm run soak`. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'fault-proxy': {
    claim:
      'users sign in through a network that cuts one connection in ten, and get no message twice',
    full: (seed) => faultProxy({ signIns: 2000, seed }),
    quick: (seed) => faultProxy({ signIns: 60, seed, atOnce: 1 }),
  },
  'refresh-herd': {
    claim: 'five requests at once with an expired session cost one refresh, and sign no user out',
    full: () => refreshHerd({ users: 500, requests: 5 }),
    quick: () => refreshHerd({ users: 50, requests: 5 }),
  },
  'emulator-memory': {
    claim: 'the memory of the emulator does not grow',
    full: () => emulatorMemory({ signIns: 100_000 }),
    quick: () => emulatorMemory({ signIns: 100 }),
  },
  waits: {
    claim: 'waits for enchanted links end as they must under faults, and leave no timer or socket',
    full: (seed) => waits({ count: 1000, seed }),
    quick: (seed) => waits({ count: 60, seed }),
  },
  rotation: {
    claim: 'a key rotation refuses no valid session',
    full: rotation,
    quick: rotation,
  },
  outage: {
    claim: 'an hour without the key server refuses no valid session, and accepts no invalid one',
    full: outage,
    quick: outage,
  },
  'double-click': {
    claim: 'of 200 double clicks that reach two instances, each signs in both times',
    full: () => runPackageTests({ ...doubleClick, rounds: 200 }),
    quick: () => runPackageTests({ ...doubleClick, rounds: 20 }),
  },
  'slow-service': {
    claim: 'a service that takes three seconds delays no user who is signed in',
    full: () => slowService({ requests: 300, respondsAfterMs: 3000, inRealTime: true }),
    quick: () => slowService({ requests: 100, respondsAfterMs: 3_600_000, inRealTime: false }),
  },
  oracle: {
    claim: 'no time of a response tells an address with an account from one without',
    full: (seed) => oracle({ pairs: 2000, browsers: 40, seed }),
    quick: (seed) => oracle({ pairs: 10, browsers: 3, seed }),
  },
  flood: {
    claim: 'a thousand clients with made-up tokens delay no refresh of a user who is signed in',
    full: () => flood({ clients: 1000, refreshes: 150 }),
    quick: () => flood({ clients: 50, refreshes: 5 }),
  },
  many: {
    claim:
      'four instances behind nginx lose no session and honour every logout, whatever is killed',
    full: (seed) => many({ minutes: 10, users: 40, seed }),
    quick: (seed) => many({ minutes: 1, users: 20, seed }),
  },
  'store-outage': {
    claim: 'a store that stands still for half a minute delays no response after the first second',
    full: () => storeOutage({ seconds: 30, perSecond: 1000 }),
    quick: () => storeOutage({ seconds: 4, perSecond: 200 }),
  },
  day: {
    claim: 'a day with rotations and outages brings no wrong decision and no growth',
    full: () => day({ minutes: 24 * 60, users: 10 }),
    quick: () => day({ minutes: 400, users: 2 }),
  },
}
