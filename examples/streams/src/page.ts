/** A page that shows what its stream and its socket receive, and that both end with the session. */
export const page = `<!doctype html><title>Streams</title>
  <h1>Streams</h1><ul></ul>
  <form method="post" action="/auth/logout"><button>Sign out</button></form>
  <script>
    const show = (text) => document.querySelector('ul').append(text, document.createElement('br'))
    const events = new EventSource('/events')
    events.onmessage = ({ data }) => show('event: ' + data)
    events.onerror = () => events.readyState === EventSource.CLOSED && show('events ended')
    const socket = new WebSocket(location.origin.replace('http', 'ws'))
    socket.onmessage = ({ data }) => show('socket: ' + data)
    socket.onclose = ({ code }) => show('socket ended: ' + code)
  </script>`
