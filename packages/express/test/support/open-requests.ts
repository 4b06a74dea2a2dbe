import type { AppOptions } from './app.ts'

/** Counts the requests for a path that have no end yet; `before` is an option of the app. */
export function openRequests(path: string): {
  readonly before: NonNullable<AppOptions['before']>
  readonly count: () => number
} {
  let open = 0
  return {
    before: (app) => {
      app.use(path, (_req, res, next) => {
        open += 1
        res.on('close', () => {
          open -= 1
        })
        next()
      })
    },
    count: () => open,
  }
}
