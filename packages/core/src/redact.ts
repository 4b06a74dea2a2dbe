import { inspect } from 'node:util'

/** The fields that hold a secret, in whatever object of ours they appear. */
const secretFields: ReadonlySet<string> = new Set(['sessionJwt', 'refreshJwt', 'jwt', 'pendingRef'])

// The two methods sit on a shared prototype: nothing to allocate per object, nothing to enumerate.
const redacting: object = Object.create(Object.prototype, {
  toJSON: { value: withoutSecrets },
  [inspect.custom]: { value: withoutSecrets },
})

/**
 * A copy whose tokens print as `[redacted]` in `JSON.stringify` and `util.inspect`, and read as
 * usual. Fields that hold secrets are known by name: `sessionJwt`, `refreshJwt`, `jwt`,
 * `pendingRef`. A spread of the copy is a plain object again.
 */
export function redact<T extends object>(value: T): T {
  return Object.assign(Object.create(redacting), value)
}

function withoutSecrets(this: object): object {
  return Object.fromEntries(
    Object.entries(this).map(([name, value]) => [
      name,
      secretFields.has(name) && value !== undefined ? '[redacted]' : value,
    ]),
  )
}
