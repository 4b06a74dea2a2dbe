/** Runs `work` for each number below `count`, at most `atOnce` at a time. */
export async function runConcurrently(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const runNext = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, runNext))
}

/** Lets the event loop run until `happened` is true, by pending I/O and timers alone. */
export async function runLoopUntil(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve))
}
