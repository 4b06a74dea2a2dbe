// Signs a user in to a running app, as a program without a browser does.
import assert from 'node:assert/strict'

/**
 * @param origin where the app is
 * @param linkTo resolves to the next link that is sent to an address
 * @param whileSignedIn what else to try; gets the function that sends a request
 */
export async function signIn(origin, linkTo, whileSignedIn) {
  const jar = new Map()
  const visit = async (path, form, headers) => {
    const Cookie = [...jar].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(origin + path, {
      // Each request by a connection of its own, so that any instance may get it.
      headers: { Accept: 'application/json', Connection: 'close', Cookie, ...headers },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
  while (!(await visit('/me').catch(() => undefined))) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.equal((await visit('/me')).status, 401)
  assert.match((await visit('/auth/sign-in')).body, /<form/)
  const loginId = 'ada@example.com'
  assert.equal((await visit('/auth/magic-link', { loginId })).status, 202)
  const link = new URL(await linkTo(loginId))
  assert.equal(link.origin, origin)
  const state = link.pathname.split('/').at(-1)
  const t = link.searchParams.get('t')
  assert.equal((await visit('/auth/verify', { t, state })).status, 200)
  assert.match((await visit('/me')).body, /^\{"userId":"U/)
  await whileSignedIn?.(visit)
  const tooLarge = { loginId: 'a'.repeat(200_000) }
  assert.equal((await visit('/auth/magic-link', tooLarge)).status, 413)
  assert.equal((await visit('/auth/logout', {})).status, 204)
  assert.equal((await visit('/me')).status, 401)
}
