import { port, respond } from './app.js'

Deno.serve({ port }, (request, { remoteAddr }) => respond(request, remoteAddr.hostname))
