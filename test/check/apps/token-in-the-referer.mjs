import { start } from './plain-app.mjs'

// The fault: whatever the page of the link loads from other sites gets its URL, with the token.
start({ referrerPolicy: 'unsafe-url' })
