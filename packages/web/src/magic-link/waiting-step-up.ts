import { type BoundAttempt, findBoundAttempt } from '../attempt/bound-attempt.ts'
import {
  browserRecordCookie,
  browserRecordFor,
  browserRecordOf,
  type Attempt,
  withSession,
} from '../attempt/browser-record.ts'
import type { RouteContext } from '../context.ts'
import { completeAttempt } from '../enchanted-link/complete.ts'
import { type PendingSignIn, pendingLifetimeMs } from '../enchanted-link/pending-sign-in.ts'
import { statusResponse } from '../enchanted-link/waiting.ts'
import type { Failure } from '../failure.ts'
import { identify } from '../guard/identify.ts'
import { readBody } from '../request/body.ts'
import { failureResponse } from '../response/failure-response.ts'
import type { WebResponse } from '../response/response.ts'
import { decideConfirm } from './decide.ts'
import { userHere } from './redeem.ts'

/** A step-up whose code is shown here, and what this browser waits for. */
export interface WaitingStepUp {
  readonly attempt: Attempt
  readonly code: string
  /** Without a reference: the session comes from the browser that types the code. */
  readonly pending: PendingSignIn
}

/** The step-up that this browser waits for: its latest attempt, if it is one. */
export function waitingStepUp(context: RouteContext): WaitingStepUp | undefined {
  const attempt = browserRecordOf(context)?.attempts.at(-1)
  if (attempt?.code === undefined) return undefined
  const { state, loginId, returnTo, createdAt, code } = attempt
  const lifetimeMs = pendingLifetimeMs(context.settings.linkLifetimes.magic)
  return {
    attempt,
    code,
    pending: { state, linkId: '', loginId, returnTo, createdAt, lifetimeMs },
  }
}

/** `GET /step-up/status`: the code, and how the step-up stands, as `GET /enchanted-link/status`. */
export async function showStepUpStatus(context: RouteContext): Promise<WebResponse> {
  const waiting = waitingStepUp(context)
  return statusResponse(context, waiting?.pending, waiting?.code)
}

/**
 * `POST /step-up/complete`: gives the session of a step-up that was confirmed elsewhere to the browser
 * that asked for it. Responds as `POST /enchanted-link/complete`.
 */
export async function completeStepUp(context: RouteContext): Promise<WebResponse> {
  const body = await readBody(context, [])
  if (!body.ok) return failureResponse(context, body.failure)
  const pending = waitingStepUp(context)?.pending
  const bound = pending && (await findBoundAttempt(context, pending.state))
  const failure = pending && (await failureOf(context, bound))
  if (failure !== undefined) return failureResponse(context, failure)
  return completeAttempt(context, {
    kind: 'stepped-up',
    pending,
    waitingPage: context.settings.pages.checkInbox,
    expected: { userId: bound?.userId, purpose: 'step-up' },
    hasEnded: async ({ state }) => (await findBoundAttempt(context, state)) === undefined,
    cookiesFor: (_, session) => {
      const now = context.client.settings.clock.now()
      return [browserRecordCookie(context, withSession(browserRecordFor(context), session, now))]
    },
  })
}

/** Why the step-up may not complete here: the rule of the browser that asked and confirms. */
async function failureOf(
  { request, site }: RouteContext,
  bound: BoundAttempt | undefined,
): Promise<Failure | undefined> {
  const { outcome } = await identify(site, request)
  const action = decideConfirm({
    kind: 'step-up',
    isAsking: true,
    isUsedHere: false,
    user: userHere(outcome, bound),
    isLive: bound !== undefined,
  })
  if (action === 'redeem') return undefined
  if (action === 'unavailable') return { kind: 'unavailable', retryAfterSeconds: 5 }
  return { kind: 'attempt-ended' }
}
