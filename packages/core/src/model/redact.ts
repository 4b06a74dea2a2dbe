import { inspect } from 'node:util'

/** The fields that contain a secret, in any object of this library. */
const secretFields: ReadonlySet<string> = new Set(['sessionJwt', 'refreshJwt', 'jwt', 'pendingRef'])

/**
 * An object whose tokens are printed as `[redacted]` by `JSON.stringify` and `util.inspect`, and can
 * be read as usual. Secret fields are known by name: `sessionJwt`, `refreshJwt`, `jwt`,
 * `pendingRef`. A spread copy of it is a plain object again.
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
