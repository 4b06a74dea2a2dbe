import { start } from './plain-app.mjs'

// The fault: the token is read and not verified.
start({ needsRefresh: (sessionToken) => sessionToken === undefined })
