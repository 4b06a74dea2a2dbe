import { start } from './plain-app.mjs'

start()
