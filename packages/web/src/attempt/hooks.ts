import type { DeliveryMethod, Session, User } from '@linkpass/core'
import type { FailureEvent, OwnResponse } from '../response/response.ts'
import type { AttemptChannel, AttemptKind } from './state.ts'

/**
 * Functions of the app that run around a link. One whose promise takes longer than 30 seconds counts as one
 * that threw. `R` is the framework's request.
 */
export interface Hooks<R extends object> {
  /**
   * Runs before a link is sent, within the limits. If it throws or resolves to false, nothing is sent,
   * and the response is a 403.
   */
  beforeSend?(this: void, req: R, attempt: LinkRequest): unknown
  /**
   * Runs once both tokens of a session for this browser are validated, before any cookie is set: for a
   * sign-in, and for a step-up or a change in the browser that asked. `purpose` says which. If it
   * throws, no cookie is set, and the user gets a page that offers a new link. A change is made by
   * then: `beforeSend` can prevent one.
   */
  onSignIn?(this: void, signIn: SignIn<R>): unknown
  /** Runs after a link has changed an address or a number, in whichever browser it was opened. */
  onAccountChange?(this: void, change: AccountChangeEvent<R>): unknown
  /**
   * Runs once a user has signed out by `POST /logout` or `/logout-all`, before the response. If it throws,
   * the user is signed out all the same.
   */
  onSignOut?(this: void, signOut: SignOut<R>): unknown
  /**
   * Runs for each failure that a route or a guard responds to: pages and JSON, but not a redirect to the
   * sign-in page. It may return the response: a page as a string, or {@link OwnResponse}. Where it returns
   * nothing, or throws, the response is the built-in one. Cookies and headers such as `Retry-After` are
   * set in any case.
   */
  onFailure?(
    this: void,
    failure: FailureEvent<R>,
  ): Promise<string | OwnResponse | void> | string | OwnResponse | void
}

/** A link that is about to be sent, as `beforeSend` learns of it. */
export interface LinkRequest {
  /** What the link is for. */
  readonly purpose: AttemptKind
  readonly channel: AttemptChannel
  readonly method: DeliveryMethod
  /** Where it goes: for a change, the new address or number. */
  readonly address: string
  /** The signed-in user who requested a step-up or a change. */
  readonly userId?: string
  /**
   * The fields that `extraFields` names, as far as they came with the sign-in form. A bot check refuses a
   * `purpose` of `sign-in` without its field. Other purposes, which only signed-in users start, have none.
   */
  readonly fields: Readonly<Record<string, string>>
}

/** The argument of `onSignIn`. */
export interface SignIn<R extends object> {
  /** What the link was for. */
  readonly purpose: AttemptKind
  readonly user: User
  /** True for a user's first sign-in. */
  readonly firstSeen: boolean
  readonly session: Session
  readonly req: R
}

/** The argument of `onSignOut`. */
export interface SignOut<R extends object> {
  /** Whose sessions ended; undefined where the browser sent no valid refresh token. */
  readonly userId: string | undefined
  /** Whether all sessions of the user were ended, and not this one alone. */
  readonly everywhere: boolean
  readonly req: R
}

/** The argument of `onAccountChange`. */
export interface AccountChangeEvent<R extends object> {
  readonly userId: string
  readonly kind: 'email' | 'phone'
  /** The new address or number. */
  readonly address: string
  readonly req: R
}
