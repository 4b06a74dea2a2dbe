import { start } from './plain-app.mjs'

// The fault: the link leads to whatever host the request names.
start({ linkOrigin: (req) => `http://${req.get('host')}` })
