import { randomToken } from '@linkpass/core/internal'
import type { AuthContext } from '../context.ts'
import { readCookie } from '../request/credentials.ts'
import { type CookieRecord, sealedCookie } from '../response/cookies.ts'
import {
  type BrowserRecord,
  attemptLifetimeMs,
  newBrowserRecord,
  parseBrowserRecord,
} from './browser-record.ts'

// What a request's cookie held, or what its response sets by now: two attempts in one response add
// up. By context, since an app may have two.
const records = new WeakMap<object, WeakMap<object, BrowserRecord>>()

/** The record in this browser's attempt cookie; undefined without one that was sealed here. */
export function browserRecordOf<R extends object>(
  context: AuthContext<R>,
  request: R,
): BrowserRecord | undefined {
  const known = records.get(context)?.get(request)
  if (known !== undefined) return known
  const { attempt } = context.settings.cookies.names
  const sealed = readCookie(context.read.header(request, 'cookie') ?? '', attempt)
  if (sealed === undefined || sealed === false) return undefined
  return parseBrowserRecord(context.sealer.open('attempt', sealed))
}

/** The same, or a new record for a browser without one. */
export function browserRecordFor<R extends object>(
  context: AuthContext<R>,
  request: R,
): BrowserRecord {
  return browserRecordOf(context, request) ?? newBrowserRecord(randomToken())
}

/** The cookie that keeps the record in the browser, sealed. */
export function browserRecordCookie<R extends object>(
  context: AuthContext<R>,
  request: R,
  record: BrowserRecord,
): CookieRecord {
  const ofContext = records.get(context) ?? new WeakMap<object, BrowserRecord>()
  records.set(context, ofContext.set(request, record))
  const sealed = context.sealer.seal('attempt', record)
  return sealedCookie(context.settings.cookies, 'attempt', sealed, attemptLifetimeMs / 1000)
}
