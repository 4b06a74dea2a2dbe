/**
 * Types `req.auth` for an app that wants it: `import '@linkpass/express/register'`. Optional, since
 * it is there only behind a guard of ours, and for reading only: `getSession(req)` and
 * `getAuth(req)` do not believe it.
 */
import type { AuthOutcome } from '@linkpass/core'

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- how Express's own types are extended
  namespace Express {
    interface Request {
      readonly auth?: AuthOutcome
    }
  }
}
