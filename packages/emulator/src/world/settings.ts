/** What a project's owner sets in the service's console. All times in seconds. */
export interface Settings {
  /** How long a link can be used. @default 600 */
  readonly linkLifetimeSeconds: number
  /** @default 600 */
  readonly sessionLifetimeSeconds: number
  /** @default 2_419_200 (28 days) */
  readonly refreshLifetimeSeconds: number
  /** How long `su` holds after a step-up. @default 600 */
  readonly stepUpLifetimeSeconds: number
  /** Every refresh answers a new refresh token, and the old one is over. @default false */
  readonly rotateRefreshTokens: boolean
  /** How long a rotated token may be presented again, for answers that got lost. @default 10 */
  readonly rotationGraceSeconds: number
  /** Hosts that links may lead to; a leading `*.` takes subdomains. @default any host */
  readonly approvedDomains: readonly string[] | undefined
  /** Where links lead when a call names no redirect. */
  readonly magicLinkRedirectUrl: string
  readonly enchantedLinkRedirectUrl: string
  /** Tokens travel in Set-Cookie and not in the body. @default false */
  readonly tokensInCookies: boolean
}

export const defaultSettings: Settings = Object.freeze({
  linkLifetimeSeconds: 600,
  sessionLifetimeSeconds: 600,
  refreshLifetimeSeconds: 28 * 24 * 60 * 60,
  stepUpLifetimeSeconds: 600,
  rotateRefreshTokens: false,
  rotationGraceSeconds: 10,
  approvedDomains: undefined,
  magicLinkRedirectUrl: 'http://localhost:3000/auth/verify',
  enchantedLinkRedirectUrl: 'http://localhost:3000/auth/enchanted-link/verify',
  tokensInCookies: false,
})
