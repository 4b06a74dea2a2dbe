import { channel } from 'node:diagnostics_channel'
import { createDescopeClient, unwrap } from '@linkpass/core'
import { startEmulator } from '@linkpass/emulator'
import { metrics, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { expect, test } from 'vitest'

const spans = new InMemorySpanExporter()
const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
const reader = new PeriodicExportingMetricReader({
  exporter: exported,
  exportIntervalMillis: 3_600_000,
})
trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
)
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
// @ts-expect-error -- it has no types, and exports nothing
await import('../src/telemetry.mjs')

test('a sign-in becomes spans and metrics by the semantic conventions, without a secret', async () => {
  await using emulator = await startEmulator()
  const { projectId, url: baseUrl, clock } = emulator
  await using client = createDescopeClient({ projectId, baseUrl, clock })
  unwrap(await client.magicLink.signUpOrIn.email('ada@example.test', 'http://localhost:3000/v'))
  const { links } = await emulator.inbox.waitFor({ to: 'ada@example.test' })
  const { sessionJwt, refreshJwt = '' } = unwrap(
    await client.magicLink.verify(links[0]?.token ?? ''),
  )
  await client.validateSession(sessionJwt)
  await client.refreshSession(refreshJwt)
  await client.magicLink.verify('used')
  channel('linkpass:guard').publish({ outcome: 'passed', session: 'presented' })
  channel('linkpass:store:operation').publish({ operation: 'get', outcome: 'ok', durationMs: 1 })
  channel('linkpass:store:breaker').publish({ state: 'open', operations: 'reads' })

  const finished = spans.getFinishedSpans()
  expect(finished.map(({ name }) => name)).toContain('linkpass magicLink.verify')
  expect(finished.find(({ name }) => name === 'linkpass keys')?.attributes).toMatchObject({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
  })
  await reader.forceFlush()
  const named = new Map(
    exported
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]),
  )
  expect([...named.keys()].toSorted()).toEqual([
    'db.client.operation.duration',
    'http.client.request.duration',
    'linkpass.guard.requests',
    'linkpass.session.refresh.duration',
    'linkpass.session.verifications',
    'linkpass.store.available',
  ])
  expect(named.get('linkpass.store.available')?.[0]?.value).toBe(0)
  const printed = JSON.stringify([finished.map(({ attributes }) => attributes), [...named]])
  for (const secret of [sessionJwt, refreshJwt, 'ada@example.test', links[0]?.token ?? '?']) {
    expect(printed).not.toContain(secret)
  }
})
