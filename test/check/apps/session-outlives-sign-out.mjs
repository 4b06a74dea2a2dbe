import { start } from './own-session-app.mjs'

// The fault: the browser forgets the cookie, and the session goes on.
start(() => undefined)
