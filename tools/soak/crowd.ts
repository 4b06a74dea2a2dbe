/** Does `work` for each number below `count`, for `atOnce` of them at a time. */
export async function inCrowd(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  const walk = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, walk))
}

/** Lets the event loop turn until `happened`, which only I/O and timers under way can make true. */
export async function turnUntil(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setImmediate(resolve))
}
