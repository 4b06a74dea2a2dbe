import type { AuthOutcome } from '@linkpass/core'
import type { Failure } from '@linkpass/web'
import type { Request, Response } from 'express'
import type { AuthContext } from './context.ts'
import { guard } from './guard.ts'

/** What a route of ours learns of a request: the outcome, and why it is no session. */
export interface Authenticated {
  readonly outcome: AuthOutcome
  readonly failure: Failure | undefined
}

/** Finds out for a route of ours who sent a request, as the guards do. */
export function authenticate(
  context: AuthContext,
  req: Request,
  res: Response,
): Promise<Authenticated> {
  return new Promise((resolve, reject) => {
    guard(context.guardSite, (_req, _res, _next, outcome, failure) => {
      resolve({ outcome, failure })
    })(req, res, reject)
  })
}
