import { Hono } from 'hono'
import type { Fault, FaultSpec, Faults } from '../world/faults/fault-registry.ts'
import { type ControlEnv, badRequest, readJsonText } from './context.ts'

/** `/_emulator/faults`: add one, list them, take one or all back. */
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
    return removed ? c.json({}) : c.json({ error: 'There is no such fault.' }, 404)
  })
  return faults
}

function addFault(faults: Faults, sent: unknown): Fault {
  try {
    // `add` checks what it is given, whoever gives it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    return faults.add(sent as FaultSpec)
  } catch (error) {
    if (error instanceof TypeError) throw badRequest(error.message)
    throw error
  }
}
