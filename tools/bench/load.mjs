// Load for a server, from connections that each send their next request when the last has its response.
import { createHistogram } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Client } from 'undici'

/**
 * Opens `connections` to `url`. `run` keeps all of them busy for a while and returns what a request
 * took: `us` by the clock over all connections, `p99Ms` on one of them. `atRate` sends requests at a
 * steady rate instead.
 */
export function createLoad(url, { connections, headersOf }) {
  const clients = Array.from({ length: connections }, () => new Client(url, { pipelining: 1 }))
  let sent = 0

  async function send(client, latencies, since = process.hrtime.bigint()) {
    const status = await statusOf(client, headersOf(sent++))
    if (status !== 200) throw new Error(`The route returned ${status}; nothing was measured.`)
    latencies.record(process.hrtime.bigint() - since)
  }

  return {
    async run(ms) {
      const latencies = createHistogram()
      const start = performance.now()
      const keepBusy = async (client) => {
        while (performance.now() - start < ms) {
          await send(client, latencies)
        }
      }
      const sending = Promise.all(clients.map(keepBusy))
      await keepAwake(sending)
      const us = (performance.now() - start) * 1000
      const responses = latencies.count
      return { us: us / responses, responses, p99Ms: latencies.percentile(99) / 1e6 }
    },

    /** Sends at a steady rate, whether responses arrive or not; times count from when each was due. */
    async atRate(perSecond, ms) {
      const latencies = createHistogram()
      const start = process.hrtime.bigint()
      const interval = BigInt(Math.round(1e9 / perSecond))
      const total = Math.round((perSecond * ms) / 1000)
      const pending = []
      while (pending.length < total) {
        const due = start + BigInt(pending.length) * interval
        if (process.hrtime.bigint() < due) await nextTurn()
        else pending.push(send(clients[pending.length % connections], latencies, due))
      }
      await Promise.all(pending)
      return { p50Ms: latencies.percentile(50) / 1e6, p99Ms: latencies.percentile(99) / 1e6 }
    },

    close: () => Promise.all(clients.map((client) => client.destroy())),
  }
}

/**
 * Waits for `work` without letting this process sleep. Otherwise a slow server would pay for waking it
 * with each response, and a fast one, which leaves it no time to sleep, would not.
 */
async function keepAwake(work) {
  let turn
  const spin = () => (turn = setImmediate(spin))
  spin()
  try {
    await work
  } finally {
    clearImmediate(turn)
  }
}

function statusOf(client, headers) {
  return new Promise((resolve, reject) => {
    let status
    client.dispatch(
      { method: 'GET', path: '/', headers },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode
        },
        onResponseData() {},
        onResponseEnd: () => resolve(status),
        onResponseError: (_controller, error) => reject(error),
      },
    )
  })
}
