import { start } from './own-session-app.mjs'

start()
