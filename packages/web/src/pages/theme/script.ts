/**
 * The script of the built-in pages. Every page works without it. Each part finds its element by a data
 * attribute, and its texts in others: `{time}` in them is the time that is left. It never submits a form.
 *
 * - `data-ready-in="30"` with `data-counting`: a button that is disabled for so many seconds, with a countdown
 *   as its label
 * - `data-expires-in="180"` with `data-counting` and `data-over`: says how long is left, and that it is over; the
 *   ring of the dial empties with it
 * - `data-status-url` with `data-complete-url`, `data-offline`, `data-approved` and `data-completing`: asks how an
 *   attempt stands, one request at a time: `{ "state": "pending" | "approved" | "refused" | "expired", "code"? }`.
 *   Once it is approved, the script posts to the second URL and goes to the `redirectTo` of its JSON. In any other
 *   case it reloads the page, which then says what happened
 * - `data-session-url`: reloads the page if a user is signed in when the tab is shown again
 */
export const script = `'use strict'
{
  const seconds = (element, name) => Math.max(0, Number(element.dataset[name]) || 0)
  const counting = (element, left) => element.dataset.counting.replace(
    '{time}',
    Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0'),
  )

  // Calls show(secondsLeft) now and every second until it has called show(0).
  const countDown = (total, show) => {
    const end = performance.now() + total * 1000
    const tick = () => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000))
      show(left)
      if (left > 0) setTimeout(tick, 1000)
    }
    tick()
  }

  for (const button of document.querySelectorAll('button[data-ready-in]')) {
    const label = button.textContent.trim()
    countDown(seconds(button, 'readyIn'), (left) => {
      button.disabled = left > 0
      button.textContent = left > 0 ? counting(button, left) : label
    })
  }

  for (const line of document.querySelectorAll('[data-expires-in]')) {
    const ring = document.querySelector('.dial-time')
    countDown(seconds(line, 'expiresIn'), (left) => {
      line.textContent = left > 0 ? counting(line, left) : line.dataset.over
      if (ring) ring.style.strokeDashoffset = 100 - (100 * left) / (seconds(ring, 'lifetime') || 1)
    })
  }

  for (const waiting of document.querySelectorAll('[data-status-url]')) follow(waiting)

  async function follow(waiting) {
    const status = waiting.querySelector('[data-status]')
    let failures = 0
    for (;;) {
      const { state, code } = await fetchStatus(waiting.dataset.statusUrl)
      if (state === 'approved') break
      if (state === 'refused' || state === 'expired') return location.reload()
      if (code && !waiting.dataset.statusUrl.endsWith('code=shown')) return location.reload()
      failures = state === 'pending' ? 0 : failures + 1
      if (failures === 3) status.textContent = waiting.dataset.offline
      await new Promise((resolve) => setTimeout(resolve, Math.min(10, 1 + failures) * 1000))
    }
    waiting.classList.add('approved')
    document.title = waiting.dataset.approved
    status.textContent = waiting.dataset.completing
    try {
      const response = await fetch(waiting.dataset.completeUrl, {
        method: 'POST',
        headers: { accept: 'application/json' },
      })
      if (!response.ok) throw new Error('refused')
      location.replace((await response.json()).redirectTo)
    } catch {
      // The reloaded page offers the same step as a button.
      location.reload()
    }
  }

  const waitingForSession = document.querySelector('[data-session-url]')
  if (waitingForSession) {
    document.addEventListener('visibilitychange', async () => {
      if (document.hidden) return
      const { userId } = await fetchStatus(waitingForSession.dataset.sessionUrl)
      if (userId) location.reload()
    })
  }

  async function fetchStatus(url) {
    try {
      const response = await fetch(url, { headers: { accept: 'application/json' }, cache: 'no-store' })
      return response.status === 200 ? await response.json() : {}
    } catch {
      return {}
    }
  }

  // A second click on a button does nothing while the first is under way: until the page is shown
  // again, or after five seconds.
  let sentAt = -Infinity
  addEventListener('submit', (event) => {
    if (performance.now() - sentAt < 5000) event.preventDefault()
    else sentAt = performance.now()
  })
  addEventListener('pageshow', () => { sentAt = -Infinity })
}
`
