import { start } from './plain-app.mjs'

let sessionJwt

// The fault: the page gets the session token in its URL, for a script to read.
start({
  onSignIn: (data) => {
    sessionJwt = data.sessionJwt
  },
  afterSignIn: () => `/account?token=${sessionJwt}`,
})
