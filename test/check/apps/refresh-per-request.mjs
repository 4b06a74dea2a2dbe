import { refreshAlways, start } from './plain-app.mjs'

// The fault: each request refreshes for itself.
start({ refresh: refreshAlways })
