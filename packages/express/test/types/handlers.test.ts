import type { AuthOutcome, DescopeClient, Session } from '@linkpass/core'
import { type Auth, type UserAccount, getAuth, getSession, requireSession } from '@linkpass/express'
import express, { type Express, type Request, type RequestHandler, Router } from 'express'
import { expectTypeOf, test } from 'vitest'

/** Handlers as apps have them, behind each guard. They are compiled, and never run. */
function typicalRoutes(app: Express, auth: Auth, client: DescopeClient): void {
  // Without a guard, and behind each: the types of the handler are the same.
  app.get('/b/:id', (req) => {
    const id: string = req.params.id
    return id
  })
  app.get('/b/:id', auth.requireSession(), (req, res) => {
    const id: string = req.params.id
    expectTypeOf(req.params).toEqualTypeOf<{ id: string }>()
    // @ts-expect-error -- the path names no such part
    void req.params.other
    res.json({ id, userId: getSession(req).userId })
  })
  app.get('/b/:id/c/:part', auth.optionalSession(), auth.requireSession(), (req) => {
    expectTypeOf(req.params.id).toEqualTypeOf<string>()
    expectTypeOf(req.params.part).toEqualTypeOf<string>()
  })
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 handles a rejection
  app.post('/b/:id', requireSession(client), express.json(), async (req, res) => {
    const id: string = req.params.id
    res.status(201).json({ id })
    await Promise.resolve()
  })
  app.get('/files/*path', auth.requireSession({ roles: ['admin'] }), (req) => {
    expectTypeOf(req.params.path).toEqualTypeOf<string[]>()
  })
  const typed: RequestHandler<{ id: string }, { ok: true }, { name: string }, { page?: string }> = (
    req,
    res,
  ) => {
    expectTypeOf(req.body.name).toEqualTypeOf<string>()
    expectTypeOf(req.query.page).toEqualTypeOf<string | undefined>()
    res.json({ ok: true })
  }
  app.put('/b/:id', auth.requireSession(), typed)
  app.patch<{ id: string }, { ok: true }>('/b/:id', auth.requireSession(), (_req, res) => {
    res.json({ ok: true })
  })
  app.use('/t/:tenant', auth.requireSession({ tenant: (req) => req.params['tenant'] }))
  app.use(auth.requireSession({ onSignedOut: (_req, res) => res.sendStatus(401) }))
  app.use('/auth', auth.router())
  app.use([auth.optionalSession(), auth.requireSession()])
  app.all('/x', [auth.requireSession()], auth.requireSession())
  interface AppRequest extends Request {
    readonly log?: (line: string) => void
  }
  app.use(
    '/u/:id',
    auth.requireSession({
      tenant: (req: Request<{ id: string }>) => req.params.id,
      onSignedOut: (req: Request<{ id: string }>, res) => res.send(req.params.id),
    }),
    requireSession(client, { onSignedOut: (req: AppRequest) => req.log?.('signed out') }),
  )
  const router = Router({ mergeParams: true })
  router.get('/:id', auth.requireSession(), (req) => {
    const id: string = req.params.id
    return id
  })
  router.use(auth.requireSession())
  app.use('/r', auth.requireSession(), router)
  router.route('/one/:id').get(auth.requireSession(), (req) => {
    const id: string = req.params.id
    return id
  })
  const guard: RequestHandler = auth.requireSession()
  app.use(guard)
  app.get('/stream', auth.requireSession(), (req, res) => {
    auth.sessionEnded(req).addEventListener('abort', () => res.end())
  })
  // oxlint-disable-next-line oxc/no-async-endpoint-handlers -- Express 5 handles a rejection
  app.get('/:lang/account', auth.requireSession(), async (req, res) => {
    const me = await auth.account(req).me()
    res.send(`${req.params.lang} ${me.data?.email}`)
  })
  app.get('/:lang/link', (req, res) => {
    res.send(auth.prepareLink(req, res, { returnTo: `/${req.params.lang}` }))
  })
}

interface Params {
  id: string
}
interface Query {
  page?: string
}

/** A handler whose parts have types of the app's own; an interface has no index signature. */
function handlerOfOwnTypes(auth: Auth): RequestHandler<Params, { ok: true }, unknown, Query> {
  return (req, res) => {
    auth.prepareLink(req, res, { returnTo: `/b/${req.params.id}` })
    auth.sessionEnded(req).addEventListener('abort', () => res.end())
    expectTypeOf(getAuth(req)).toEqualTypeOf<AuthOutcome>()
    expectTypeOf(getSession(req)).toEqualTypeOf<Session>()
    expectTypeOf(auth.account(req)).toEqualTypeOf<UserAccount>()
    res.json({ ok: true })
  }
}

test('U22: a guard in front of a handler keeps the types that Express infers for it', () => {
  expectTypeOf(typicalRoutes).toBeFunction()
})

test('U22: a request of any types is one for a session, an account and a link', () => {
  expectTypeOf(handlerOfOwnTypes).toBeFunction()
})
