/** Why the service says no. */
export type RefusalReason =
  | 'malformed'
  | 'invalidRequest'
  | 'invalidArguments'
  | 'unauthorized'
  | 'invalidToken'
  | 'userExists'
  | 'userNotFound'
  | 'updateConflict'
  | 'enchantedLinkPending'
  | 'tokenExpired'
  | 'missingAccessKey'
  | 'invalidAccessKey'
  | 'linkNotFound'
  | 'loggedOut'
  | 'managedUserNotFound'
  | 'notFound'

/**
 * Every way the service says no, with the status it is said with. Codes and statuses are from the
 * docs where the docs have them; `SUPPORTED.md` lists the ones that are our choice.
 */
const catalogue: Record<RefusalReason, readonly [number, string, string]> = {
  malformed: [400, 'E011001', 'Request is malformed'],
  invalidRequest: [400, 'E011003', 'Request is invalid'],
  invalidArguments: [400, 'E011004', 'Request contains invalid arguments'],
  unauthorized: [401, 'E061004', 'Unauthorized request'],
  invalidToken: [401, 'E061005', 'Invalid token'],
  userExists: [400, 'E062107', 'User already exists'],
  userNotFound: [400, 'E062108', 'User not found'],
  updateConflict: [400, 'E062125', 'Update conflicts with another user'],
  enchantedLinkPending: [401, 'E062503', 'Enchanted link is still pending'],
  tokenExpired: [401, 'E062504', 'Token expired'],
  missingAccessKey: [401, 'E062802', 'Missing access key'],
  invalidAccessKey: [401, 'E062803', 'Invalid access key'],
  linkNotFound: [401, 'E063010', 'Link not found'],
  loggedOut: [401, 'E064001', 'Expired due to logout'],
  managedUserNotFound: [400, 'E112102', 'User not found'],
  notFound: [404, 'E011001', 'Request is malformed'],
}

/** The service's answer when it refuses, thrown from wherever that is decided. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly errorCode: string
  readonly errorDescription: string
  /** For the developer, in the `x-emulator-hint` header: why, and what to do. */
  readonly hint: string

  constructor(reason: RefusalReason, message: string, hint: string = message) {
    super(message)
    const [status, errorCode, errorDescription] = catalogue[reason]
    this.status = status
    this.errorCode = errorCode
    this.errorDescription = errorDescription
    this.hint = hint
  }
}

/** The four fields of an error body, as the live service fills them. */
export interface ErrorBody {
  errorCode: string
  errorDescription: string
  errorMessage: string
  message: string
}

/** The service's error dialect; it repeats the detail under two names. */
export function errorBody(code: string, description: string, message: string): ErrorBody {
  return { errorCode: code, errorDescription: description, errorMessage: message, message }
}
