/** Checks a value from outside. zod's schemas have this shape, so no public declaration names zod. */
export interface Schema<T> {
  safeParse(value: unknown): Parsed<T>
}

/** A value of the right shape, or the error. */
export type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: Error }
