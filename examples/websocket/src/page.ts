/** A page that shows what its socket receives, and that it is closed with the session. */
export const page = `<!doctype html><title>WebSocket</title>
  <h1>WebSocket</h1><ul></ul>
  <form method="post" action="/auth/logout"><button>Sign out</button></form>
  <script>
    const show = (text) => document.querySelector('ul').append(text, document.createElement('br'))
    const socket = new WebSocket(location.origin.replace('http', 'ws'))
    socket.onmessage = ({ data }) => show(data)
    socket.onclose = ({ code }) => show('closed: ' + code)
  </script>`
