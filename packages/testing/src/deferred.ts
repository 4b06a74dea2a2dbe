/** A promise that the test resolves. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let settle: (value: T) => void = () => {}
  const promise = new Promise<T>((resolve) => {
    settle = resolve
  })
  return { promise, resolve: (value) => settle(value) }
}

/** Lets all pending promise callbacks run. */
export async function flush(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
