/** What checks a value that comes from outside. zod's schemas are such; no declaration names zod. */
export interface Schema<T> {
  safeParse(value: unknown): Parsed<T>
}

/** A value of the right shape, or what is wrong with it. */
export type Parsed<T> =
  | { readonly success: true; readonly data: T }
  | { readonly success: false; readonly error: Error }
