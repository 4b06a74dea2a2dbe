import { z } from 'zod'
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

const seconds = z.number().positive()
const url = z.string().refine((value) => URL.canParse(value), { error: 'must be an absolute URL' })

const optionsSchema = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().min(1).default('127.0.0.1'),
  projectId: z
    .string()
    .refine(isProjectId, { error: 'must be "P" and 27 to 40 letters and digits' })
    .default(defaultProjectId),
  allowedHosts: z.array(z.string()).readonly().default([]),
  linkLifetimeSeconds: seconds.default(defaultSettings.linkLifetimeSeconds),
  sessionLifetimeSeconds: seconds.default(defaultSettings.sessionLifetimeSeconds),
  refreshLifetimeSeconds: seconds.default(defaultSettings.refreshLifetimeSeconds),
  stepUpLifetimeSeconds: seconds.default(defaultSettings.stepUpLifetimeSeconds),
  rotateRefreshTokens: z.boolean().default(false),
  rotationGraceSeconds: z.number().min(0).default(defaultSettings.rotationGraceSeconds),
  approvedDomains: z.array(z.string()).readonly().optional(),
  magicLinkRedirectUrl: url.default(defaultSettings.magicLinkRedirectUrl),
  enchantedLinkRedirectUrl: url.default(defaultSettings.enchantedLinkRedirectUrl),
  tokensInCookies: z.boolean().default(false),
})

/**
 * Checks the options and applies every default.
 *
 * @throws {TypeError} an option cannot be right; the message names it
 */
export function resolveEmulatorOptions(options: EmulatorOptions): EmulatorConfig {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) throw new TypeError(`startEmulator: ${z.prettifyError(parsed.error)}`)
  const { port, host, projectId, allowedHosts, approvedDomains, ...settings } = parsed.data
  return {
    port,
    host,
    projectId,
    allowedHosts,
    settings: Object.freeze({ ...settings, approvedDomains }),
  }
}
