import { redisEngines } from '@linkpass/testing'
import type { Browser } from '@linkpass/testing/browser'
import { type Fleet, meOf } from '../../tools/soak/fleet/fleet.ts'
import { nginxPath } from '../../tools/soak/fleet/nginx.ts'

/** Why drills with a fleet are skipped; undefined where its programs are installed. */
export const skipReason: string | undefined =
  redisEngines[0]?.skipReason ??
  (nginxPath === undefined ? 'nginx is not installed: apt-get install nginx' : undefined)

/** A user of a fleet. */
export interface FleetUser {
  readonly browser: Browser
  readonly userId: string
}

/** Signs users in, without a link. */
export function signInUsers(fleet: Fleet, count: number): Promise<readonly FleetUser[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => fleet.signIn(`user-${index}@example.test`)),
  )
}

/** The statuses of responses that are not this user's own. */
export async function others(user: FleetUser): Promise<(string | number)[]> {
  const own = await meOf(user.browser)
  return own === user.userId ? [] : [own]
}

/** Lets real time pass. */
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))
