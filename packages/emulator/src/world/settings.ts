/** The settings of a project in the service's console. All times are in seconds. */
export interface Settings {
  /** How long a link can be redeemed. @default 600 */
  readonly linkLifetimeSeconds: number
  /** @default 600 */
  readonly sessionLifetimeSeconds: number
  /** @default 2_419_200 (28 days) */
  readonly refreshLifetimeSeconds: number
  /** How long a session lasts without a refresh. @default as long as its refresh token */
  readonly inactivitySeconds: number | undefined
  /** How long tokens carry `su` after a step-up. @default 600 */
  readonly stepUpLifetimeSeconds: number
  /** Every refresh returns a new refresh token and invalidates the old one. @default false */
  readonly rotateRefreshTokens: boolean
  /** How long a rotated token is still accepted, in case a response was lost. @default 10 */
  readonly rotationGraceSeconds: number
  /** Hosts that links may lead to; a leading `*.` matches subdomains. @default any host */
  readonly approvedDomains: readonly string[] | undefined
  /** Where magic links lead when a request has no redirect. */
  readonly magicLinkRedirectUrl: string
  /** Where enchanted links lead when a request has no redirect. */
  readonly enchantedLinkRedirectUrl: string
  /** Responses carry tokens in Set-Cookie, not in the body. @default false */
  readonly tokensInCookies: boolean
}

export const defaultSettings: Settings = Object.freeze({
  linkLifetimeSeconds: 600,
  sessionLifetimeSeconds: 600,
  refreshLifetimeSeconds: 28 * 24 * 60 * 60,
  inactivitySeconds: undefined,
  stepUpLifetimeSeconds: 600,
  rotateRefreshTokens: false,
  rotationGraceSeconds: 10,
  approvedDomains: undefined,
  magicLinkRedirectUrl: 'http://localhost:3000/auth/verify',
  enchantedLinkRedirectUrl: 'http://localhost:3000/auth/enchanted-link/verify',
  tokensInCookies: false,
})
