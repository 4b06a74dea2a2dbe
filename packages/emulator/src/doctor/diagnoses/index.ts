import type { Diagnosis } from '../diagnosis.ts'
import { apiKey } from './api-key.ts'
import { appUrl } from './app-url.ts'
import { baseUrl } from './base-url.ts'
import { clock } from './clock.ts'
import { cookieSize } from './cookie-size.ts'
import { copies } from './copies.ts'
import { keySet } from './key-set.ts'
import { nodeVersion } from './node-version.ts'
import { projectId } from './project-id.ts'
import { proxy } from './proxy.ts'
import { tls } from './tls.ts'

/** Every diagnosis, in the order in which they are printed. */
export const diagnoses: readonly Diagnosis[] = [
  ...[nodeVersion, projectId, baseUrl, proxy, tls, keySet, clock, apiKey],
  ...[appUrl, cookieSize, copies],
]
