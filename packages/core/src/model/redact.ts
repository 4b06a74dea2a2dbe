import { inspect } from 'node:util'

/** The fields that hold a secret, in whatever object of ours they appear. */
const secretFields: ReadonlySet<string> = new Set(['sessionJwt', 'refreshJwt', 'jwt', 'pendingRef'])

/**
 * An object whose tokens print as `[redacted]` in `JSON.stringify` and `util.inspect`, and read as
 * usual. Fields that hold secrets are known by name: `sessionJwt`, `refreshJwt`, `jwt`,
 * `pendingRef`. A spread of it is a plain object again.
 */
export class Redacted {
  toJSON(): object {
    return withoutSecrets(this)
  }
}
Object.defineProperty(Redacted.prototype, inspect.custom, {
  value(this: Redacted) {
    return withoutSecrets(this)
  },
})

/** A copy that is {@link Redacted}. */
export function redact<T extends object>(value: T): T {
  return Object.assign(new Redacted(), value)
}

function withoutSecrets(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      secretFields.has(name) && field !== undefined ? '[redacted]' : field,
    ]),
  )
}
