import { start } from './plain-app.mjs'

// The fault: whatever went wrong with a refresh, the user is signed out.
start({ isRefused: () => true })
