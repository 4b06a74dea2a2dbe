import { Hono } from 'hono'
import { faultSchema } from '../world/faults.ts'
import { type ControlEnv, readJson } from './environment.ts'

/** `/_emulator/faults`: add one, list them, take one or all back. */
export function faultRoutes(): Hono<ControlEnv> {
  const faults = new Hono<ControlEnv>()
  faults.get('/', (c) => c.json(c.var.world.faults.list()))
  faults.post('/', async (c) => {
    const spec = await readJson(c, faultSchema)
    return c.json(c.var.world.faults.add(spec), 201)
  })
  faults.delete('/', (c) => {
    c.var.world.faults.clear()
    return c.json({})
  })
  faults.delete('/:id', (c) => {
    const removed = c.var.world.faults.remove(c.req.param('id'))
    return removed ? c.json({}) : c.json({ error: 'There is no such fault.' }, 404)
  })
  return faults
}
