import type { OutgoingMessage } from './message.ts'
import type { World } from '../world.ts'

/** Puts a message into the inbox, unless a delivery fault loses, delays or duplicates it. */
export function deliver(world: World, message: OutgoingMessage): void {
  const fault = world.faults.takeForDelivery(message.to)
  switch (fault?.delivery) {
    case 'lost':
      return
    case 'late':
      void deliverLate(world, message, (fault.lateBySeconds ?? 60) * 1000)
      return
    case 'twice':
      world.mailbox.put(message)
      world.mailbox.put(message)
      return
    case undefined:
      world.mailbox.put(message)
  }
}

async function deliverLate(
  world: World,
  message: OutgoingMessage,
  lateByMs: number,
): Promise<void> {
  const { state } = world
  try {
    await world.clock.sleep(lateByMs, world.closing)
  } catch {
    // The emulator was closed.
    return
  }
  // After a reset the link in the message does not exist any more.
  if (world.state === state) world.mailbox.put(message)
}
