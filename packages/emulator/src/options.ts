import { z } from 'zod'
import { explainIssue, mustBe } from './schema-error.ts'
import { type Settings, defaultSettings } from './world/settings.ts'
import { isProjectId } from './world/worlds.ts'

/** Options of {@link startEmulator}. None is required. */
export interface EmulatorOptions extends Partial<Settings> {
  /** 0 takes a free one. @default 0 */
  port?: number
  /** The address to listen on. @default '127.0.0.1', and ::1 with it */
  host?: string
  /** The project of the default world. @default a fixed id */
  projectId?: string
  /** Host names to answer to besides loopback ones and literal addresses, such as a container's. */
  allowedHosts?: readonly string[]
}

/** Options with every default applied. */
export interface EmulatorConfig {
  readonly port: number
  readonly host: string
  readonly projectId: string
  readonly allowedHosts: readonly string[]
  readonly settings: Settings
}

// The same at every start, so that it can stand in an .env file; keys and secrets never are.
const defaultProjectId = 'P2LocalLinkpassEmulator00000'

const text = z.string(mustBe('text'))
const names = z.array(text, mustBe('a list of host names')).readonly()
const flag = z.boolean(mustBe('true or false'))
const aboveZero = mustBe('a number of seconds above 0')
const seconds = z.number(aboveZero).positive(aboveZero)
const fromZero = mustBe('a number of seconds from 0')
const aPort = mustBe('a whole number from 0 to 65535; 0 takes a free port')
const url = text.refine((value) => URL.canParse(value), mustBe('an absolute URL'))

const optionsSchema = z.strictObject({
  port: z.int(aPort).min(0, aPort).max(65_535, aPort).default(0),
  host: text.min(1, mustBe('an address to listen on')).default('127.0.0.1'),
  projectId: text
    .refine(isProjectId, mustBe('"P" and 27 to 40 letters and digits'))
    .default(defaultProjectId),
  allowedHosts: names.default([]),
  linkLifetimeSeconds: seconds.default(defaultSettings.linkLifetimeSeconds),
  sessionLifetimeSeconds: seconds.default(defaultSettings.sessionLifetimeSeconds),
  refreshLifetimeSeconds: seconds.default(defaultSettings.refreshLifetimeSeconds),
  stepUpLifetimeSeconds: seconds.default(defaultSettings.stepUpLifetimeSeconds),
  rotateRefreshTokens: flag.default(false),
  rotationGraceSeconds: z
    .number(fromZero)
    .min(0, fromZero)
    .default(defaultSettings.rotationGraceSeconds),
  approvedDomains: names.optional(),
  magicLinkRedirectUrl: url.default(defaultSettings.magicLinkRedirectUrl),
  enchantedLinkRedirectUrl: url.default(defaultSettings.enchantedLinkRedirectUrl),
  tokensInCookies: flag.default(false),
})

/**
 * Checks the options and applies every default.
 *
 * @throws {TypeError} an option cannot be right; the message names it
 */
export function resolveEmulatorOptions(options: EmulatorOptions): EmulatorConfig {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) throw new TypeError(`startEmulator: ${explainIssue(parsed.error)}`)
  const { port, host, projectId, allowedHosts, approvedDomains, ...settings } = parsed.data
  return {
    port,
    host,
    projectId,
    allowedHosts,
    settings: Object.freeze({ ...settings, approvedDomains }),
  }
}
