/**
 * Options of a request for a link. Options that are not named here are sent as given, so that an
 * app can use new ones before this package knows them.
 */
export interface SignUpOptions {
  /** Claims for the new session, found under `nsec` in its token. */
  customClaims?: Record<string, unknown>
  /** The id of the message template to use. */
  templateId?: string
  /** The values of the template's variables. */
  templateOptions?: Record<string, string>
  /** The tenant to sign in to. */
  tenantId?: string
  /** The language of the message, such as `de`. */
  locale?: string
  /** The delivery provider to send with. */
  providerId?: string
  /** Enchanted links only (from the docs): the challenge for the `pkceVerifier` (RFC 7636). */
  pkceChallenge?: string
}

/** Options of a sign-in. */
export interface LoginOptions extends SignUpOptions {
  /** Request a step-up of the refresh token's session: the new one has the claim `su`. */
  stepup?: boolean
  /** Add this factor to those of the refresh token's session. */
  mfa?: boolean
  /** End the user's other sessions once this one begins. */
  revokeOtherSessions?: boolean
  /** The application that the user signs in to, where single sign-on serves several. */
  ssoAppId?: string
}

/** Options of a change of address. */
export interface UpdateOptions {
  /** Make the new address a login ID as well. @default false */
  addToLoginIDs?: boolean
  /** When the address is another user's: merge into that user instead of this one. @default false */
  onMergeUseExisting?: boolean
  /** When the address is another user's: fail instead of merging. @default false */
  failOnConflict?: boolean
  templateId?: string
  templateOptions?: Record<string, string>
  providerId?: string
  locale?: string
}
