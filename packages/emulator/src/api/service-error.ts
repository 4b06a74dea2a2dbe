/** Why the service returns an error. */
type ServiceErrorReason =
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
  | 'managedUpdateConflict'
  | 'notEmulated'
  | 'notFound'

/**
 * Status, code and description of every error of the service. Codes and statuses are from the docs
 * where the docs have them; `SUPPORTED.md` lists those that are our choice. E000501 is the emulator's
 * own.
 */
const catalogue: Record<ServiceErrorReason, readonly [number, string, string]> = {
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
  managedUpdateConflict: [400, 'E111127', 'Update conflicts with another user'],
  notEmulated: [501, 'E000501', 'Not emulated'],
  notFound: [404, 'E011001', 'Request is malformed'],
}

/** An error response of the service. An endpoint throws it; the server turns it into a response. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly status: number
  readonly errorCode: string
  readonly errorDescription: string
  /** For the developer, in the `x-emulator-hint` header: the reason, and what to do. */
  readonly hint: string

  constructor(reason: ServiceErrorReason, message: string, hint: string = message) {
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

/** An error body in the format of the service, which repeats the detail under two names. */
export function errorBody(code: string, description: string, message: string): ErrorBody {
  return { errorCode: code, errorDescription: description, errorMessage: message, message }
}
