/**
 * The script of the inbox page. The server renders everything; this asks for the page again when
 * something happened and swaps the regions marked `data-live` that differ. Without it the page is
 * the same, but for copying and for reloading by hand.
 *
 * - `data-live` with an id: a region to swap. Focus, scrolling and open `<details>` survive.
 * - `data-keep` with an id: keeps what it holds when its newer self is empty.
 * - `data-copy`: a button that copies its value.
 * - `data-expires-at`, `data-clock`: times on the world's clock, in milliseconds since the epoch.
 */
export const script = `'use strict'
{
  // How far the world's clock is ahead of this machine's.
  let ahead = 0
  const readClock = () => {
    const element = document.querySelector('[data-clock]')
    if (element) ahead = Number(element.dataset.clock) - Date.now()
  }
  const worldNow = () => Date.now() + ahead

  const tick = () => {
    const now = worldNow()
    for (const element of document.querySelectorAll('[data-clock]')) {
      element.textContent = new Date(now).toISOString().slice(0, 19).replace('T', ' ') + ' UTC'
    }
    for (const element of document.querySelectorAll('[data-expires-at]')) {
      const left = Math.ceil((Number(element.dataset.expiresAt) - now) / 1000)
      if (left <= 0) { refresh(); return }
      element.textContent = Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0')
    }
  }

  // One request at a time; what happens meanwhile asks for one more.
  let busy = false
  let again = false
  async function refresh() {
    if (busy) { again = true; return }
    busy = true
    try {
      const answer = await fetch(location.href, { cache: 'no-store' })
      if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), 'text/html'))
    } catch {
      // The emulator is gone or restarting; the next event or poll tries again.
    }
    busy = false
    if (again) { again = false; refresh() }
  }

  function swap(fresh) {
    document.title = fresh.title
    const known = new Set(idsOf('[id^="row-"]'))
    for (const region of document.querySelectorAll('[data-live]')) {
      const next = fresh.getElementById(region.id)
      if (!next || next.isEqualNode(region)) continue
      const focused = region.contains(document.activeElement) ? document.activeElement.id : ''
      const open = idsOf('details[open]')
      const scrolled = [...region.querySelectorAll('[id]')].filter((element) => element.scrollTop > 0)
      for (const kept of region.querySelectorAll('[data-keep]')) {
        const newer = next.querySelector('#' + kept.id)
        if (newer && newer.childElementCount === 0) newer.replaceWith(kept)
      }
      region.replaceWith(next)
      for (const id of open) document.getElementById(id)?.setAttribute('open', '')
      for (const { id, scrollTop } of scrolled) document.getElementById(id)?.scrollTo(0, scrollTop)
      if (focused) document.getElementById(focused)?.focus()
    }
    for (const id of idsOf('[id^="row-"]')) {
      if (!known.has(id)) document.getElementById(id).classList.add('new')
    }
    readClock()
    tick()
    offerCopying()
  }

  function idsOf(selector) {
    return [...document.querySelectorAll(selector)].map((element) => element.id)
  }

  function offerCopying() {
    if (!navigator.clipboard) return
    for (const button of document.querySelectorAll('[data-copy][hidden]')) button.hidden = false
  }

  addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]')
    if (!button) return
    const label = button.textContent
    await navigator.clipboard.writeText(button.dataset.copy)
    button.textContent = 'Copied'
    setTimeout(() => { button.textContent = label }, 1500)
  })

  // Up and down move through the list of messages.
  addEventListener('keydown', (event) => {
    const item = event.target.closest('#messages li')
    if (!item || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    const next = event.key === 'ArrowDown' ? item.nextElementSibling : item.previousElementSibling
    if (!next) return
    event.preventDefault()
    next.querySelector('a').focus()
  })

  // Events while somebody looks, else a question every two seconds: a browser has six connections
  // for all tabs of one address, and forgotten tabs would take them. The stream begins with a
  // hello, which makes up for what happened before it was there.
  const types = ['hello', 'message', 'messages-changed', 'request', 'clock', 'faults-changed', 'reset']
  let events
  const listen = () => {
    events?.close()
    if (document.hidden) return
    events = new EventSource(document.body.dataset.events)
    for (const type of types) events.addEventListener(type, refresh)
  }
  addEventListener('visibilitychange', listen)
  setInterval(() => { if (events?.readyState !== EventSource.OPEN) refresh() }, 2000)
  // So that "just now" does not stay so.
  setInterval(refresh, 60_000)

  readClock()
  offerCopying()
  tick()
  setInterval(tick, 1000)
  listen()
}
`
