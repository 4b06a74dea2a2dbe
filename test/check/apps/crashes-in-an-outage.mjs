import { refreshOnce, start } from './plain-app.mjs'

// The fault: a rejection that nobody handles ends the process.
start({
  refresh: async (refreshToken) => {
    const refreshed = await refreshOnce(refreshToken)
    if (refreshed.code >= 500) process.nextTick(() => Promise.reject(new Error('service is away')))
    return refreshed
  },
})
