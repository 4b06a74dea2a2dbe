/**
 * Sets and types `req.auth` in an app that wants it: `import '@linkpass/express/register'`, once. It
 * is what `getAuth(req)` returns, there behind a guard of ours only, and for reading only: neither
 * `getAuth(req)` nor `getSession(req)` believes it.
 */
import type { AuthOutcome } from '@linkpass/core'
import { setAuthOnRequests } from './guard.ts'

setAuthOnRequests()

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- how Express's own types are extended
  namespace Express {
    interface Request {
      readonly auth?: AuthOutcome
    }
  }
}
