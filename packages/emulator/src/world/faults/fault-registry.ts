import { randomId } from '../random.ts'
import { loginIdKey } from '../users/login-id.ts'
import {
  type DeliveryFaultSpec,
  type Fault,
  type FaultSpec,
  type RequestFaultSpec,
  parseFault,
} from './fault.ts'

/** The faults of a world. The first one that matches takes effect, as often as its `times` say. */
export interface Faults {
  /** @throws {TypeError} the fault is invalid; the message names the field */
  add(spec: FaultSpec): Fault
  list(): readonly Fault[]
  /** Removes one fault; false if there is none with that id. */
  remove(id: string): boolean
  clear(): void
}

/** The faults as the emulator uses them: `take…` finds the fault that applies and counts it down. */
export interface FaultRegistry extends Faults {
  takeForRequest(method: string, path: string): Fault<RequestFaultSpec> | undefined
  takeForDelivery(to: string): Fault<DeliveryFaultSpec> | undefined
}

/** An empty registry; `onChange` is called when a fault is added, takes effect or is removed. */
export function createFaultRegistry(onChange: () => void): FaultRegistry {
  let pending: readonly Fault[] = []

  function replaceAll(faults: readonly Fault[]): void {
    pending = faults
    onChange()
  }

  function take<S extends FaultSpec>(
    matches: (fault: Fault) => fault is Fault<S>,
  ): Fault<S> | undefined {
    const fault = pending.find(matches)
    if (fault !== undefined && fault.remaining !== 'always')
      replaceAll(countDown(pending, fault.id))
    return fault
  }

  return {
    add: (spec) => {
      const parsed = parseFault(spec)
      const fault = { ...parsed, id: randomId('F'), remaining: parsed.times ?? 1 }
      replaceAll([...pending, fault])
      return fault
    },
    list: () => pending,
    remove: (id) => {
      const others = pending.filter((fault) => fault.id !== id)
      if (others.length === pending.length) return false
      replaceAll(others)
      return true
    },
    clear: () => replaceAll([]),
    takeForRequest: (method, path) =>
      take((fault): fault is Fault<RequestFaultSpec> => {
        if ('delivery' in fault) return false
        return (fault.method ?? method) === method && pathMatches(fault.path, path)
      }),
    takeForDelivery: (to) =>
      take((fault): fault is Fault<DeliveryFaultSpec> => {
        if (!('delivery' in fault)) return false
        return fault.to === undefined || loginIdKey(fault.to) === loginIdKey(to)
      }),
  }
}

/** The faults after the one with this id took effect once; it is dropped when it is used up. */
function countDown(faults: readonly Fault[], id: string): readonly Fault[] {
  return faults.flatMap((fault) => {
    if (fault.id !== id || fault.remaining === 'always') return [fault]
    const remaining = fault.remaining - 1
    return remaining > 0 ? [{ ...fault, remaining }] : []
  })
}

function pathMatches(pattern: string | undefined, path: string): boolean {
  if (pattern === undefined) return true
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}
