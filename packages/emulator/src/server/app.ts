import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { HTTPException } from 'hono/http-exception'
import { endpoints, notAnEndpoint } from '../api/endpoints.ts'
import { errorBody } from '../api/service-error.ts'
import { controlRoutes } from '../control/routes.ts'
import { inboxPage } from '../inbox-page/routes.ts'
import type { ServerContext, ServerEnv } from './context.ts'
import { isAllowedHost, isAllowedOrigin } from './host-check.ts'
import { headerText } from './outcome.ts'
import { serveEndpoint } from './serve-endpoint.ts'

/** The emulator as one app: the paths of the service, the control plane and the inbox page. */
export function createApp(context: ServerContext): Hono<ServerEnv> {
  const app = new Hono<ServerEnv>({ getPath: pathOf })
  app.use(async (c, next) => {
    if (!isAllowedHost(c.req.header('host'), context.allowedHosts)) {
      return c.json(
        { error: 'The Host is not allowed. Add it to allowedHosts, or use a loopback name.' },
        403,
      )
    }
    c.header('Cache-Control', 'no-store')
    await next()
    return undefined
  })
  // Before the control plane, whose last route matches every path under it.
  app.route('/', inboxPage(context))
  app.route('/_emulator', controlRoutes(context))

  app.use(servicePaths, async (c, next) => {
    const origin = c.req.header('origin')
    if (origin === undefined || isAllowedOrigin(origin, context.allowedOrigins)) return next()
    const text = 'Pages of this origin may not call the emulator'
    const hint =
      origin === 'null'
        ? 'Serve the page from localhost: null is the origin of files and of frames in a sandbox.'
        : `Add ${origin} to allowedOrigins, or start the emulator with --allow-origin ${origin}.`
    c.header('x-emulator-hint', headerText(hint))
    return c.json(errorBody('E061004', 'Unauthorized request', `${text}. ${hint}`), 403)
  })
  // Browser SDKs send credentials and headers of their own, so a wildcard origin is not allowed.
  app.use(
    servicePaths,
    cors({ origin: (origin) => origin, credentials: true, exposeHeaders: exposedHeaders }),
  )
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, (c) => serveEndpoint(context, endpoint, c))
  }
  app.all('*', (c) => serveEndpoint(context, notAnEndpoint, c))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse()
    const text = 'The emulator failed. Please report this as a bug.'
    c.header('x-emulator-hint', headerText(`${text} ${error.message}`))
    return c.json(errorBody('E000500', text, error.message), 500)
  })
  return app
}

// Two segments at least: the inbox page is at `/`, and answers no other origin.
const servicePaths = '/:version/*'
const exposedHeaders = ['x-emulator-hint', 'retry-after']

// SDKs that append a path to a base URL ending in "/" send a path with two slashes.
function pathOf(request: Request): string {
  return new URL(request.url).pathname.replace(/^\/{2,}/, '/')
}
