// oxlint-disable-next-line import/no-unassigned-import -- it is there for its types
import '@linkpass/express/register'
import type { AuthOutcome, Session } from '@linkpass/core'
import { getAuth, getSession } from '@linkpass/express'
import type { Request } from 'express'
import type { IncomingMessage } from 'node:http'
import { expectTypeOf, test } from 'vitest'

test('getSession and getAuth need no augmentation, and req.auth is opted in to', () => {
  expectTypeOf(getSession).toEqualTypeOf<(req: IncomingMessage) => Session>()
  expectTypeOf(getAuth).toEqualTypeOf<(req: IncomingMessage) => AuthOutcome>()
  expectTypeOf<Request['auth']>().toEqualTypeOf<AuthOutcome | undefined>()
})

test('what must not compile does not', () => {
  const read = (req: Request): unknown => {
    // @ts-expect-error -- it is not there on a public route
    void req.auth.status
    // @ts-expect-error -- there is no session without a check of the status
    void getAuth(req).session
    return req.auth?.status
  }
  expectTypeOf(read).toBeFunction()
})
