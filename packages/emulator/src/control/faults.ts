import { Hono } from 'hono'
import type { Fault, FaultSpec } from '../world/faults/fault.ts'
import type { Faults } from '../world/faults/fault-registry.ts'
import { type ControlEnv, badRequest, readJsonText } from './context.ts'

/** `/_emulator/faults`: add one, list them, remove one or all. */
export function faultRoutes(): Hono<ControlEnv> {
  const faults = new Hono<ControlEnv>()
  faults.get('/', (c) => c.json(c.var.world.faults.list()))
  faults.post('/', async (c) => c.json(addFault(c.var.world.faults, await readJsonText(c)), 201))
  faults.delete('/', (c) => {
    c.var.world.faults.clear()
    return c.json({})
  })
  faults.delete('/:id', (c) => {
    const removed = c.var.world.faults.remove(c.req.param('id'))
    return removed ? c.json({}) : c.json({ error: 'There is no fault with that id.' }, 404)
  })
  return faults
}

function addFault(faults: Faults, sent: unknown): Fault {
  try {
    // `add` checks its argument itself.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    return faults.add(sent as FaultSpec)
  } catch (error) {
    if (error instanceof TypeError) throw badRequest(error.message)
    throw error
  }
}
