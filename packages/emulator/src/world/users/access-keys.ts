import { BoundedMap } from '../bounded-map.ts'
import { randomId } from '../random.ts'
import type { Membership } from './user-directory.ts'

/** An access key, with which a machine gets a session token. */
export interface AccessKeyRecord {
  readonly keyId: string
  readonly name: string
  readonly roles: readonly string[]
  readonly tenants: ReadonlyMap<string, Membership>
  /** Top-level claims of its tokens. */
  readonly customClaims: Record<string, unknown>
  /** Milliseconds since the epoch; undefined for a key that never expires. */
  readonly endsAt: number | undefined
  readonly createdAt: number
}

/** The access keys of a world. */
export interface AccessKeys {
  /** Returns the record and the secret; the secret cannot be read again. */
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
