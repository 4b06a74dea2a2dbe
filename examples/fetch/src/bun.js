import { port, respond } from './app.js'

Bun.serve({
  port,
  // A page that waits for an enchanted link makes requests of up to 25 seconds.
  idleTimeout: 60,
  fetch: (request, server) => respond(request, server.requestIP(request)?.address),
})
