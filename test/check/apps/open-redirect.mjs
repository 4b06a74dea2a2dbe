import { start } from './plain-app.mjs'

// The fault: "//host" begins with a slash, too.
start({ afterSignIn: (returnTo) => (returnTo.startsWith('/') ? returnTo : '/account') })
