import { start } from './plain-app.mjs'

const confirmed = new Map()

// The fault: the browser that asked is signed in once any browser confirms the link.
start({
  linkOrigin: (req, res) => {
    res.cookie('asked', req.body.email, { httpOnly: true, sameSite: 'lax' })
    return req.app.locals.url
  },
  onSignIn: (data, req) => {
    if (asked(req) !== data.user.email) confirmed.set(data.user.email, data)
  },
  adopt: (req) => confirmed.get(asked(req)),
})

function asked(req) {
  return decodeURIComponent(req.cookies.asked ?? '')
}
