import { readFile } from 'node:fs/promises'
import { type InstalledCopy, findCopies } from './installed-copies.ts'
import { type Probe, probe } from './probe.ts'

/** What the user says, and where the rest is read. */
export interface DoctorOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The folder of the app. */
  readonly folder: string
  /** `process.versions.node` */
  readonly nodeVersion: string
  /** The address that browsers use for the app. @default APP_URL of the environment */
  readonly appUrl: string | undefined
  /** A file with a session token, to measure its cookie. */
  readonly tokenFile: string | undefined
  /** For each request, in milliseconds. */
  readonly timeoutMs: number
}

/** All that the diagnoses decide from. */
export interface DoctorFacts {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly nodeVersion: string
  readonly projectId: string
  /** As it is given; undefined for the default of the project's region. */
  readonly givenBaseUrl: string | undefined
  /** Undefined if it is no URL. */
  readonly baseUrl: URL | undefined
  readonly appUrl: string | undefined
  /** The request for the key set. Undefined if there is nowhere to send it. */
  readonly keySet: Probe | undefined
  /** A request to redeem a made-up link, without a key, and with the one of the environment. */
  readonly withoutKey: Probe | undefined
  readonly withKey: Probe | undefined
  /** A session token, or the reason why the file has none. */
  readonly token: { readonly text: string } | { readonly problem: string } | undefined
  readonly copies: readonly InstalledCopy[]
}

/** `P` and 27 to 40 letters and digits: the form of a project id. */
export const projectIdPattern: RegExp = /^P[A-Za-z0-9]{27,40}$/

/**
 * Reads the environment, the folder and the service. It changes nothing and sends no secret but the app's own
 * key.
 */
export async function gatherFacts(options: DoctorOptions): Promise<DoctorFacts> {
  const { environment, timeoutMs } = options
  const projectId = environment['DESCOPE_PROJECT_ID'] ?? ''
  const givenBaseUrl = environment['DESCOPE_BASE_URL'] || undefined
  const address = givenBaseUrl ?? regionUrl(projectId)
  const baseUrl = URL.canParse(address) ? new URL(address) : undefined
  const canAsk = baseUrl !== undefined && /^https?:$/.test(baseUrl.protocol)
  const base = canAsk && projectIdPattern.test(projectId) ? address.replace(/\/$/, '') : undefined
  const authKey = environment['DESCOPE_AUTH_MANAGEMENT_KEY'] || undefined
  const keyed = authKey === undefined ? projectId : `${projectId}:${authKey}`
  // Of no user: it redeems nothing.
  const body = { token: 'linkpass-doctor' }
  const redeem = async (bearer: string): Promise<Probe | undefined> =>
    base === undefined
      ? undefined
      : await probe(`${base}/v1/auth/magiclink/verify`, { bearer, body, timeoutMs })
  const [keySet, withoutKey, withKey, token, copies] = await Promise.all([
    base === undefined
      ? undefined
      : probe(`${base}/v2/keys/${projectId}`, { bearer: keyed, timeoutMs }),
    redeem(projectId),
    authKey === undefined ? undefined : redeem(keyed),
    readToken(options),
    findCopies(options.folder),
  ])
  return {
    environment,
    nodeVersion: options.nodeVersion,
    projectId,
    givenBaseUrl,
    baseUrl,
    appUrl: options.appUrl ?? (environment['APP_URL'] || undefined),
    keySet,
    withoutKey,
    withKey,
    token,
    copies,
  }
}

/** The service's address for a project: ids of at least 32 characters have their region in them. */
export function regionUrl(projectId: string): string {
  return projectId.length < 32
    ? 'https://api.descope.com'
    : `https://api.${projectId.slice(1, 5)}.descope.com`
}

async function readToken({ tokenFile }: DoctorOptions): Promise<DoctorFacts['token']> {
  if (tokenFile === undefined) return undefined
  try {
    return { text: (await readFile(tokenFile, 'utf8')).trim() }
  } catch {
    return { problem: `${tokenFile} could not be read.` }
  }
}
