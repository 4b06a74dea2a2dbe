import { start } from './plain-app.mjs'

let sent = 0

// Nothing is wrong: it sends ten links and no more.
start({ maySend: () => ++sent <= 10 })
