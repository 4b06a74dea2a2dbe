import { z } from 'zod'
import { describeSchemaError, mustBe } from './schema-error.ts'
import { seedSchema } from './seed-schema.ts'
import type { Seed } from './world/seed.ts'
import { type Settings, defaultSettings } from './world/settings.ts'
import { isProjectId } from './world/worlds.ts'

/** Options of {@link startEmulator}. None is required. */
export interface EmulatorOptions extends Partial<Settings> {
  /** The port to listen on; 0 selects a free one. @default 0 */
  port?: number
  /** The address to listen on. @default '127.0.0.1' and '::1' */
  host?: string
  /** The project of the default world. @default a fixed id */
  projectId?: string
  /** Host names to accept besides loopback names and IP addresses, such as that of a container. */
  allowedHosts?: readonly string[]
  /** Origins besides those of loopback hosts whose pages may call it, as `https://app.example.com`. */
  allowedOrigins?: readonly string[]
  /** Serve https, with a certificate that is made at the start. @default false */
  tls?: boolean
  /** The tenants, roles and users that each world has from the start, and again after a reset. */
  seed?: Seed
}

/** Options with every default applied. */
export interface EmulatorConfig {
  readonly port: number
  readonly host: string
  readonly projectId: string
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
  readonly tls: boolean
  readonly seed: Seed | undefined
  readonly settings: Settings
}

// The same at every start, so that it can be kept in an .env file. Keys and secrets are always new.
const defaultProjectId = 'P2LocalLinkpassEmulator00000'

const text = z.string(mustBe('text'))
const names = z.array(text, mustBe('a list of host names')).readonly()
const origin = text.refine(isOrigin, mustBe('an origin such as https://app.example.com'))
const flag = z.boolean(mustBe('true or false'))
// SDKs hold these numbers in 32 bits.
const maxSeconds = 2_147_483_647
const aboveZero = mustBe(`a number of seconds above 0, and at most ${maxSeconds}`)
const seconds = z.number(aboveZero).positive(aboveZero).max(maxSeconds, aboveZero)
const fromZero = mustBe(`a number of seconds from 0 to ${maxSeconds}`)
const aPort = mustBe('a whole number from 0 to 65535; 0 selects a free port')
const url = text.refine((value) => URL.canParse(value), mustBe('an absolute URL'))

const optionsSchema = z.strictObject({
  port: z.int(aPort).min(0, aPort).max(65_535, aPort).default(0),
  host: text.min(1, mustBe('an address to listen on')).default('127.0.0.1'),
  projectId: text
    .refine(isProjectId, mustBe('"P" and 27 to 40 letters and digits'))
    .default(defaultProjectId),
  allowedHosts: names.default([]),
  allowedOrigins: z.array(origin, mustBe('a list of origins')).readonly().default([]),
  tls: flag.default(false),
  seed: seedSchema.optional(),
  linkLifetimeSeconds: seconds.default(defaultSettings.linkLifetimeSeconds),
  sessionLifetimeSeconds: seconds.default(defaultSettings.sessionLifetimeSeconds),
  refreshLifetimeSeconds: seconds.default(defaultSettings.refreshLifetimeSeconds),
  inactivitySeconds: seconds.optional(),
  stepUpLifetimeSeconds: seconds.default(defaultSettings.stepUpLifetimeSeconds),
  rotateRefreshTokens: flag.default(false),
  rotationGraceSeconds: z
    .number(fromZero)
    .min(0, fromZero)
    .max(maxSeconds, fromZero)
    .default(defaultSettings.rotationGraceSeconds),
  approvedDomains: names.optional(),
  magicLinkRedirectUrl: url.default(defaultSettings.magicLinkRedirectUrl),
  enchantedLinkRedirectUrl: url.default(defaultSettings.enchantedLinkRedirectUrl),
  tokensInCookies: flag.default(false),
})

/**
 * Checks the options and applies every default.
 *
 * @throws {TypeError} an option is invalid; the message names it
 */
export function resolveEmulatorOptions(options: EmulatorOptions): EmulatorConfig {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) throw new TypeError(`startEmulator: ${describeSchemaError(parsed.error)}`)
  const { port, host, projectId, allowedHosts, allowedOrigins, tls, seed, ...settings } =
    parsed.data
  return {
    port,
    host,
    projectId,
    allowedHosts,
    allowedOrigins,
    tls,
    seed,
    settings: Object.freeze({ ...defaultSettings, ...settings }),
  }
}

// Also the origins of browser extensions and apps, such as `chrome-extension://…`.
function isOrigin(value: string): boolean {
  return /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]+$/i.test(value)
}
