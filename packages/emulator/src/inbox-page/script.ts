/**
 * The script of the inbox page. The server renders everything; the script requests the page again
 * after an event and replaces the regions marked `data-live` that differ. Without script the page
 * works too, except that it has no copy buttons and must be reloaded by the user.
 *
 * - `data-live` with an id: a region to replace. Focus, scroll position and open `<details>` stay.
 * - `data-keep` with an id: keeps its content if the new version is empty.
 * - `data-copy`: a button that copies this value.
 * - `data-expires-at`, `data-clock`: times on the world's clock, in milliseconds since the epoch.
 */
export const script = `'use strict'
{
  // How far the world's clock is ahead of the machine's clock.
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

  // One request at a time; an event during a request causes one more.
  let busy = false
  let again = false
  async function refresh() {
    if (busy) { again = true; return }
    busy = true
    try {
      const response = await fetch(location.href, { cache: 'no-store' })
      if (response.ok) replaceRegions(new DOMParser().parseFromString(await response.text(), 'text/html'))
    } catch {
      // The emulator is unavailable; the next event or poll tries again.
    }
    busy = false
    if (again) { again = false; refresh() }
  }

  function replaceRegions(fresh) {
    document.title = fresh.title
    const known = new Set(idsOf('[id^="row-"]'))
    for (const region of document.querySelectorAll('[data-live]')) {
      const next = fresh.getElementById(region.id)
      if (!next || next.isEqualNode(region)) continue
      const focused = region.contains(document.activeElement) ? document.activeElement.id : ''
      const open = idsOf('details[open]')
      const scrolled = [...region.querySelectorAll('[id]')].filter((element) => element.scrollTop > 0)
      // The search box stays, so that typing goes on where it was.
      const search = region.querySelector('#search')
      if (search) next.querySelector('#search')?.replaceWith(search)
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
    showCopyButtons()
  }

  function idsOf(selector) {
    return [...document.querySelectorAll(selector)].map((element) => element.id)
  }

  function showCopyButtons() {
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

  // The search filters while it is typed. It is in the URL, where a reload finds it.
  addEventListener('input', (event) => {
    if (event.target.id !== 'search') return
    const url = new URL(location.href)
    url.searchParams.delete('message')
    if (event.target.value.trim()) url.searchParams.set('q', event.target.value)
    else url.searchParams.delete('q')
    history.replaceState(null, '', url)
    refresh()
  })

  // "/" goes to the search, Escape clears it; up and down move through the list, from the search on.
  addEventListener('keydown', (event) => {
    const { key, target } = event
    const search = document.getElementById('search')
    if (key === '/' && search && !target.matches('input, select, textarea')) {
      event.preventDefault()
      search.select()
      search.focus()
    }
    if (key === 'Escape' && target === search && search.value) {
      search.value = ''
      search.dispatchEvent(new Event('input', { bubbles: true }))
    }
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return
    const item = target.closest('#messages li')
    const next = target === search
      ? key === 'ArrowDown' && document.querySelector('#messages li')
      : item && (key === 'ArrowDown' ? item.nextElementSibling : item.previousElementSibling)
    if (!next) return
    event.preventDefault()
    next.querySelector('a').focus()
  })

  // A visible page uses events, a hidden one polls every two seconds: a browser has six connections
  // per host for all tabs, and hidden tabs would use them up. The stream starts with a hello event,
  // which causes a refresh for everything that happened before.
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
  // Updates relative times such as "just now".
  setInterval(refresh, 60_000)

  readClock()
  showCopyButtons()
  tick()
  setInterval(tick, 1000)
  listen()
}
`
