export { startEmulator } from './start-emulator.ts'
export type { EmulatorOptions } from './options.ts'
export type { Seed, SeedUser } from './world/seed.ts'
export type { Emulator, EmulatorWorld, InboxHandle } from './handle.ts'
export { InboxTimeoutError } from './world/messages/inbox.ts'
export type { Inbox, WaitOptions } from './world/messages/inbox.ts'
export type {
  Message,
  MessageLink,
  MessageOptions,
  MessagePurpose,
} from './world/messages/message.ts'
export type { LinkState } from './world/links/link-store.ts'
export type { WorldClock } from './world/clock.ts'
export type { DeliveryFaultSpec, Fault, FaultSpec, RequestFaultSpec } from './world/faults/fault.ts'
export type { Faults } from './world/faults/fault-registry.ts'
export type { SignedInUser, SignInOptions } from './world/sessions/sign-in.ts'
export type { RequestEntry } from './world/events.ts'
export type { ClickReport } from './visitors/click.ts'
export type { ScannedLink, ScanReport, ScanVisit } from './visitors/scan.ts'
export type { VisitedPage } from './visitors/visitor.ts'
