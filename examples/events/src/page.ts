/** A page that shows what its stream receives, and that it ends with the session. */
export const page = `<!doctype html><title>Events</title>
  <h1>Events</h1><ul></ul>
  <form method="post" action="/auth/logout"><button>Sign out</button></form>
  <script>
    const show = (text) => document.querySelector('ul').append(text, document.createElement('br'))
    const events = new EventSource('/events')
    events.onmessage = ({ data }) => show(data)
    events.onerror = () => events.readyState === EventSource.CLOSED && show('ended')
  </script>`
