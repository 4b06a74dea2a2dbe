/** A response of the service, or why there was none. */
export type Probe =
  | {
      readonly reached: true
      readonly status: number
      /** The time of the service, in milliseconds since the epoch. */
      readonly date: number | undefined
      /** The time here, in the middle between the request and the response. */
      readonly at: number
      /** Undefined if the body is no JSON object, such as a page. */
      readonly body: Readonly<Record<string, unknown>> | undefined
    }
  | {
      readonly reached: false
      /** Node's code, such as ECONNREFUSED or CERT_HAS_EXPIRED. */
      readonly code: string
      readonly message: string
    }

/** Sends one request to the service. Never rejects. */
export async function probe(
  url: string,
  { bearer, body, timeoutMs }: { bearer: string; body?: unknown; timeoutMs: number },
): Promise<Probe> {
  const sentAt = Date.now()
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    const text = await response.text()
    return {
      reached: true,
      status: response.status,
      date: Number.isNaN(date) ? undefined : date,
      at: (sentAt + Date.now()) / 2,
      body: objectOf(text),
    }
  } catch (error) {
    return { reached: false, ...reasonOf(error, timeoutMs) }
  }
}

function reasonOf(error: unknown, timeoutMs: number): { code: string; message: string } {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { code: 'TIMEOUT', message: `no response within ${timeoutMs / 1000} s` }
  }
  // fetch hides the reason in the cause; of several addresses, in the errors of the cause.
  const cause = error instanceof Error ? error.cause : undefined
  const inner: unknown = cause instanceof AggregateError ? cause.errors[0] : cause
  if (!(inner instanceof Error)) return { code: 'UNKNOWN', message: 'the request failed' }
  const code = 'code' in inner ? String(inner.code) : 'UNKNOWN'
  return { code, message: inner.message || code }
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
