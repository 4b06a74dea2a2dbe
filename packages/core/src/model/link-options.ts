/**
 * What a link can be asked for with. Options that are not named here are forwarded as given, so
 * that an application need not wait for this package to learn them.
 */
export interface SignUpOptions {
  /** Claims for the new session, found under `nsec` in its token. */
  customClaims?: Record<string, unknown>
  /** The message template to use, and the values of its variables. */
  templateId?: string
  templateOptions?: Record<string, string>
  /** The tenant to sign in to. */
  tenantId?: string
  /** The language of the message, such as `de`. */
  locale?: string
  /** The delivery provider to send with. */
  providerId?: string
  /** Enchanted links only (from the docs): the challenge that `pkceVerifier` must answer. */
  pkceChallenge?: string
}

/** What a sign-in can be asked for with. */
export interface LoginOptions extends SignUpOptions {
  /** Ask for a step-up of the refresh token's session: the new one carries `su`. */
  stepup?: boolean
  /** Add this factor to those of the refresh token's session. */
  mfa?: boolean
  /** End the person's other sessions once this one begins. */
  revokeOtherSessions?: boolean
  /** The application that the person signs in to, where single sign-on serves several. */
  ssoAppId?: string
}

/** What a change of address can be asked for with. */
export interface UpdateOptions {
  /** Make the new address a login ID as well. @default false */
  addToLoginIDs?: boolean
  /** When the address is another user's: merge into that user instead of this one. @default false */
  onMergeUseExisting?: boolean
  /** When the address is another user's: refuse instead of merging. @default false */
  failOnConflict?: boolean
  templateId?: string
  templateOptions?: Record<string, string>
  providerId?: string
  locale?: string
}
