import { BoundedMap } from '../bounded-map.ts'
import { randomId } from '../random.ts'
import type { Membership } from './user-directory.ts'

/** An access key: what a machine signs in with. */
export interface AccessKeyRecord {
  readonly keyId: string
  readonly name: string
  readonly roles: readonly string[]
  readonly tenants: ReadonlyMap<string, Membership>
  /** Stored on the key; top-level claims of its tokens. */
  readonly customClaims: Record<string, unknown>
  /** Milliseconds since the epoch; undefined never ends. */
  readonly endsAt: number | undefined
  readonly createdAt: number
}

/** The access keys of a world, found by their secret. */
export interface AccessKeys {
  /** Answers the record and the secret, which is shown this once. */
  create(details: Omit<AccessKeyRecord, 'keyId'>): { record: AccessKeyRecord; cleartext: string }
  bySecret(secret: string): AccessKeyRecord | undefined
}

export function createAccessKeys(maxKeys: number): AccessKeys {
  const bySecret = new BoundedMap<string, AccessKeyRecord>(maxKeys)
  return {
    create: (details) => {
      const record = { ...details, keyId: randomId('K2') }
      const cleartext = randomId('K3')
      bySecret.set(cleartext, record)
      return { record, cleartext }
    },
    bySecret: (secret) => bySecret.get(secret),
  }
}
