import { BoundedMap } from '../bounded-map.ts'
import { randomId } from '../random.ts'
import type { Membership } from './user-directory.ts'

/** An access key, with which a machine gets a session token. */
export interface AccessKeyRecord {
  readonly keyId: string
  name: string
  description: string
  roles: readonly string[]
  tenants: Map<string, Membership>
  /** Top-level claims of its tokens. */
  customClaims: Record<string, unknown>
  customAttributes: Record<string, unknown>
  /** Addresses and networks that may use it; an empty list permits all. */
  permittedIps: readonly string[]
  readonly boundUserId: string | undefined
  active: boolean
  /** Milliseconds since the epoch; undefined for a key that never expires. */
  readonly endsAt: number | undefined
  readonly createdAt: number
}

/** The access keys of a world. */
export interface AccessKeys {
  /** Returns the record and the secret; the secret cannot be read again. */
  create(details: Omit<AccessKeyRecord, 'keyId'>): { record: AccessKeyRecord; cleartext: string }
  bySecret(secret: string): AccessKeyRecord | undefined
  byId(keyId: string): AccessKeyRecord | undefined
  all(): AccessKeyRecord[]
  remove(record: AccessKeyRecord): void
  /** Gives the key a new secret, which it returns; the old one is invalid at once. */
  rotate(record: AccessKeyRecord): string
}

export function createAccessKeys(maxKeys: number): AccessKeys {
  const bySecret = new BoundedMap<string, AccessKeyRecord>(maxKeys)
  const all = (): AccessKeyRecord[] => [...bySecret.values()]

  const remove = (record: AccessKeyRecord): void => {
    for (const [secret, known] of bySecret) if (known === record) bySecret.delete(secret)
  }
  const issue = (record: AccessKeyRecord): string => {
    const cleartext = randomId('K3')
    bySecret.set(cleartext, record)
    return cleartext
  }

  return {
    create: (details) => {
      const record = { ...details, keyId: randomId('K2') }
      return { record, cleartext: issue(record) }
    },
    bySecret: (secret) => bySecret.get(secret),
    byId: (keyId) => all().find((record) => record.keyId === keyId),
    all,
    remove,
    rotate: (record) => {
      remove(record)
      return issue(record)
    },
  }
}
