// Counts down to the end of the session token, and shows times in the time zone of the browser.
for (const element of document.querySelectorAll('[data-left]')) {
  const end = performance.now() + Number(element.dataset.left)
  const show = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000))
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
    element.textContent = left > 0 ? `in ${clock}` : 'expired: reload to get a new one'
    if (left > 0) setTimeout(show, 1000)
  }
  show()
}
for (const element of document.querySelectorAll('time')) {
  element.textContent = new Date(element.dateTime).toLocaleTimeString()
}
