import {
  type BrowserRecord,
  newBrowserRecord,
  parseBrowserRecord,
  randomState,
  readCookie,
  sealedCookie,
  attemptLifetimeMs,
} from '@linkpass/web'
import type { Request, Response } from 'express'
import type { AuthContext } from './context.ts'
import { writeCookies } from './cookies.ts'

// What a request's cookie held, or what its response has set since: two attempts in one response add up.
// By adapter, since an app may have two.
const records = new WeakMap<AuthContext, WeakMap<Request, BrowserRecord>>()

/** What this browser's sealed attempt cookie holds; undefined without one that we sealed. */
export function browserRecordOf(context: AuthContext, req: Request): BrowserRecord | undefined {
  const known = records.get(context)?.get(req)
  if (known !== undefined) return known
  const { attempt } = context.settings.cookies.names
  const sealed = readCookie(req.headers.cookie ?? '', attempt)
  if (sealed === undefined || sealed === false) return undefined
  return parseBrowserRecord(context.sealer.open('attempt', sealed))
}

/** The same, or a new record for a browser without one. */
export function browserRecordFor(context: AuthContext, req: Request): BrowserRecord {
  return browserRecordOf(context, req) ?? newBrowserRecord(randomState())
}

/** Keeps the record in the browser, sealed. */
export function keepBrowserRecord(
  context: AuthContext,
  req: Request,
  res: Response,
  record: BrowserRecord,
): void {
  const ofContext = records.get(context) ?? new WeakMap<Request, BrowserRecord>()
  records.set(context, ofContext.set(req, record))
  const sealed = context.sealer.seal('attempt', record)
  const seconds = attemptLifetimeMs / 1000
  writeCookies(res, [sealedCookie(context.settings.cookies, 'attempt', sealed, seconds)])
}
