import { start } from './plain-app.mjs'

// The fault: opening the link redeems it.
start({ openLink: (req, res) => req.app.locals.redeem(req.query.t, req.query.returnTo, res) })
