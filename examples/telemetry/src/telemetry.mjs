// Turns the diagnostics channels into spans and metrics of OpenTelemetry. Load it in front of the app,
// behind your own SDK: node --import ./sdk.mjs --import ./telemetry.mjs app.mjs
import { subscribe } from 'node:diagnostics_channel'
import { metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('linkpass')
const meter = metrics.getMeter('linkpass')

const calls = meter.createHistogram('http.client.request.duration', { unit: 's' })
const operations = meter.createHistogram('db.client.operation.duration', { unit: 's' })
const refreshes = meter.createHistogram('linkpass.session.refresh.duration', { unit: 's' })
const counters = {
  'linkpass:guard': meter.createCounter('linkpass.guard.requests'),
  'linkpass:session:verified': meter.createCounter('linkpass.session.verifications'),
  'linkpass:sign-in:sent': meter.createCounter('linkpass.sign_in.links'),
  'linkpass:sign-in:redeemed': meter.createCounter('linkpass.sign_in.redemptions'),
  'linkpass:sign-in:refused': meter.createCounter('linkpass.sign_in.refusals'),
}
const states = {
  'linkpass:store:breaker': ({ state, operations }) => [
    'linkpass.store.available',
    state === 'closed',
    { 'linkpass.store.operations': operations },
  ],
  'linkpass:revocations:behind': () => ['linkpass.revocations.followed', false],
  'linkpass:revocations:followed': () => ['linkpass.revocations.followed', true],
  'linkpass:keys:stale': () => ['linkpass.keys.fresh', false],
  'linkpass:keys:fresh': () => ['linkpass.keys.fresh', true],
}

// A request to the service: a span that ends now, and a duration.
function onRequest({ endpoint, attempt, status, code, durationMs }) {
  const attributes = {
    'http.request.method': endpoint === 'keys' ? 'GET' : 'POST',
    'linkpass.endpoint': endpoint,
    ...(status !== undefined && { 'http.response.status_code': status }),
    ...((code !== undefined || status >= 500) && { 'error.type': code ?? String(status) }),
  }
  calls.record(durationMs / 1000, attributes)
  const startTime = Date.now() - durationMs
  const span = tracer.startSpan(`linkpass ${endpoint}`, {
    kind: SpanKind.CLIENT,
    startTime,
    attributes: { ...attributes, 'http.request.resend_count': attempt - 1 },
  })
  if (attributes['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}
subscribe('linkpass:request:end', onRequest)
subscribe('linkpass:request:error', onRequest)

subscribe('linkpass:store:operation', ({ operation, outcome, durationMs }) => {
  operations.record(durationMs / 1000, {
    'db.system.name': 'redis',
    'db.operation.name': operation,
    ...(outcome !== 'ok' && { 'error.type': outcome }),
  })
})
subscribe('linkpass:session:refreshed', ({ outcome, durationMs }) => {
  refreshes.record(durationMs / 1000, outcome === 'ok' ? {} : { 'error.type': outcome })
})

for (const [name, counter] of Object.entries(counters)) {
  // An error of the app may be in `cause`, which is no attribute.
  subscribe(name, ({ cause: _cause, ...attributes }) => counter.add(1, attributes))
}
const gauges = new Map()
for (const [channel, read] of Object.entries(states)) {
  subscribe(channel, (message) => {
    const [name, isGood, attributes] = read(message)
    if (!gauges.has(name)) gauges.set(name, meter.createGauge(name))
    gauges.get(name).record(isGood ? 1 : 0, attributes)
  })
}
