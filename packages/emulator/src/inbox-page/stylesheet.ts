/** The stylesheet of the inbox page. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --paper: #f4f4f1; --card: #ffffff; --ink: #1b1c1f; --quiet: #5b5d63; --line: #dfdfda; --edge: #85878d;
  --accent: #4545b0; --accent-wash: #ececfa; --good: #1d6b3e; --alert: #a8261c; --bubble: #e3e4ea;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131416; --card: #1d1e21; --ink: #ececef; --quiet: #a7a9b1; --line: #34363b; --edge: #7c7f88;
    --accent: #a9a9f5; --accent-wash: #282944; --good: #7fd3a0; --alert: #ff9d92; --bubble: #33353b;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 0.9375rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
h2 { margin: 0 0 0.25rem; font-size: 1.375rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1rem; font-weight: 650; }
p { margin: 0 0 0.75rem; }
a { color: var(--accent); text-underline-offset: 0.18em; }
code, pre { font: 0.8125rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { margin: 0; padding: 0.875rem 1rem; overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 0.5rem; }
code { overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 0.25rem; }
button, select, input[type='search'], .reopen {
  min-height: 2.75rem;
  padding: 0.25rem 0.875rem;
  font: inherit;
  font-weight: 550;
  color: inherit;
  background: var(--card);
  border: 1px solid var(--edge);
  border-radius: 0.5rem;
}
button { cursor: pointer; }
button:hover { border-color: var(--ink); }
summary { min-height: 2.75rem; padding: 0.625rem 0; font-weight: 600; cursor: pointer; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }

header {
  padding: 0.75rem 1.25rem;
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5rem 1.5rem;
  background: var(--card);
  border-bottom: 1px solid var(--line);
}
header p { margin: 0; }
h1 { margin: 0; font-size: 1rem; }
h1 a { display: inline-block; padding: 0.625rem 0; font-weight: 650; color: inherit; text-decoration: none; }
.project { display: flex; align-items: center; gap: 0.5rem; min-width: 0; color: var(--quiet); }
.project select { min-width: 0; max-width: 16rem; color: var(--ink); }
.clock { margin-left: auto; display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; font-variant-numeric: tabular-nums; }
.offset { margin-left: 0.375rem; color: var(--quiet); }
.steps { display: flex; }
.steps button { border-radius: 0; margin-left: -1px; white-space: nowrap; }
.steps button:first-child { border-radius: 0.5rem 0 0 0.5rem; }
.steps button:last-child { border-radius: 0 0.5rem 0.5rem 0; }
.steps button:hover, .steps button:focus-visible { position: relative; z-index: 1; }

nav { padding: 0 1.25rem; display: flex; gap: 1.5rem; background: var(--card); border-bottom: 1px solid var(--line); }
nav a { padding: 0.75rem 0; white-space: nowrap; color: var(--quiet); font-weight: 550; text-decoration: none; border-bottom: 2px solid transparent; }
nav a:hover { color: var(--ink); }
nav a[aria-current] { color: var(--ink); border-color: var(--accent); }
.count { padding: 0.0625rem 0.4375rem; font-size: 0.8125rem; font-variant-numeric: tabular-nums; background: var(--accent-wash); color: var(--ink); border-radius: 1rem; }

main:is(.newest, .reading) { display: grid; align-items: start; grid-template-columns: 22rem minmax(0, 1fr); min-height: calc(100vh - 7.25rem); }
.list { min-height: 100%; background: var(--card); border-right: 1px solid var(--line); }
.list ul { margin: 0; padding: 0; list-style: none; }
.list li { border-bottom: 1px solid var(--line); }
.search { padding: 0.75rem 1.25rem; border-bottom: 1px solid var(--line); }
.search input { width: 100%; font-weight: 400; color: var(--ink); }
.none { padding: 0.75rem 1.25rem; color: var(--quiet); overflow-wrap: anywhere; }
.list a { padding: 0.75rem 1.25rem; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 0.75rem; color: inherit; text-decoration: none; }
.list a:hover { background: var(--paper); }
.list a[aria-current] { background: var(--accent-wash); box-shadow: inset 3px 0 var(--accent); }
.list a:focus-visible { outline-offset: -3px; }
.to { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.when, .what { color: var(--quiet); font-size: 0.8125rem; white-space: nowrap; }
.what { overflow: hidden; text-overflow: ellipsis; }
.when { line-height: 1.7; text-align: right; }
.list .state { text-align: right; }
.list a[aria-current] :is(.when, .what) { color: var(--ink); }
.list .state { font-size: 0.8125rem; }
.new { animation: arrive 600ms ease-out; }
@keyframes arrive { from { background: var(--accent-wash); transform: translateY(-0.5rem); opacity: 0; } }

.message, .guide, .request-log { padding: 1.75rem clamp(1.25rem, 4vw, 3rem) 3rem; max-width: 52rem; }
@media (min-width: 48.01rem) { .message { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; } }
.meta { color: var(--quiet); overflow-wrap: anywhere; }
.meta strong { color: var(--ink); font-weight: 600; }
.back { display: none; }
.state { margin: 0; color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
.state.unused { color: var(--accent); font-weight: 600; }
.state.used { color: var(--good); font-weight: 600; }
.state.expired { color: var(--alert); font-weight: 600; }
.link, .numbers { margin: 1.25rem 0; }
.link { padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; }
.open {
  min-height: 2.75rem;
  display: inline-flex;
  align-items: center;
  padding: 0.5rem 1.5rem;
  font-weight: 600;
  color: var(--card);
  background: var(--accent);
  border: 1px solid transparent;
  border-radius: 0.5rem;
  text-decoration: none;
}
.reopen { display: inline-flex; align-items: center; color: inherit; text-decoration: none; }
.reopen:hover { border-color: var(--ink); }
.link > :last-child { margin-bottom: 0; }
.url { color: var(--quiet); }
.numbers { padding: 0; display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.75rem; list-style: none; text-align: center; }
.numbers :is(a, b) {
  padding: 0.75rem 0;
  display: block;
  font-size: clamp(2.25rem, 8vw, 3.5rem);
  line-height: 1.2;
  font-weight: 600;
  letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums;
  color: inherit;
  background: var(--card);
  border: 1px solid var(--edge);
  border-radius: 0.75rem;
  text-decoration: none;
}
.numbers a:hover { border-color: var(--accent); color: var(--accent); }
.numbers :is(.used, .expired, .void) a { color: var(--quiet); border-style: dashed; }
.numbers .state { margin-top: 0.375rem; font-size: 0.8125rem; white-space: normal; }
.email-text { background: var(--card); font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: 0.75rem; padding: 1.25rem; }
.phone { padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: 1.5rem; }
.bubble {
  width: fit-content;
  max-width: min(26rem, 92%);
  margin: 0;
  padding: 0.625rem 0.875rem;
  background: var(--bubble);
  border-radius: 1.125rem 1.125rem 1.125rem 0.25rem;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
details { margin-top: 0.75rem; border-bottom: 1px solid var(--line); }
details[open] { padding-bottom: 1rem; }
#answer { margin: 0 0 1.25rem; }
.email-text + details, .phone + details { margin-top: 1.5rem; }
#scanner { margin: 0 0 1.25rem; }
.copy { margin-top: 0.5rem; }
.actions .copy { margin-top: 0; }
[data-keep]:empty { display: none; }
.verdict { margin-top: 1rem; scroll-margin-block: 6rem; font-weight: 600; }
.verdict.safe { color: var(--good); }
.verdict.unsafe { color: var(--alert); }
.verdict.none { padding: 0; color: var(--ink); }
.visits { margin: 0; padding-left: 1.25rem; }
.visits li { margin-bottom: 0.5rem; }
.visits code { display: block; color: var(--quiet); }
.faults { margin: 0.75rem 0 0; padding: 0.75rem 1rem; list-style: none; border: 1px dashed var(--alert); border-radius: 0.5rem; }
.block { margin-bottom: 1rem; }
.block pre { background: var(--card); }

.request-log { max-width: 64rem; }
.request-log ol { margin: 1rem 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
#requests li { padding: 0.625rem 0; display: grid; grid-template-columns: 5rem 5rem minmax(0, 1fr) auto; gap: 0.25rem 1rem; align-items: baseline; border-bottom: 1px solid var(--line); }
.request-log time, .request-log .by { color: var(--quiet); font-size: 0.8125rem; font-variant-numeric: tabular-nums; }
.status { font-weight: 600; font-variant-numeric: tabular-nums; }
.succeeded .status { color: var(--good); }
.failed .status { color: var(--alert); }
.reason { grid-column: 3 / -1; margin: 0; }

@media (max-width: 60rem) {
  .clock { margin-left: 0; }
}
@media (max-width: 48rem) {
  header, nav { padding-inline: 1rem; }
  nav { gap: 0 min(1rem, 2.5vw); flex-wrap: wrap; font-size: 0.875rem; }
  .clock { width: 100%; justify-content: space-between; }
  .steps { width: 100%; }
  .steps button { flex: 1; padding-inline: 0.25rem; }
  main.newest a[aria-current] { background: none; box-shadow: none; }
  main:is(.newest, .reading) { display: block; min-height: 0; }
  .list { border-right: 0; }
  main.reading .list, main.newest .message { display: none; }
  .list a, .search { padding-inline: 1rem; }
  .message, .guide, .request-log { padding: 1rem 1rem 3rem; }
  .back { display: block; }
  .back a { display: inline-block; padding: 0.625rem 0; }
  #requests li { grid-template-columns: auto 1fr auto; }
  .request-log .path, .reason { grid-column: 1 / -1; }
  .request-log .by { grid-row: 1; grid-column: 3; }
}
@media (prefers-reduced-motion: reduce) {
  * { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .open { border-color: ButtonText; }
  nav a:not([aria-current]) { border-color: Canvas; }
  .list a[aria-current]:not(:focus-visible) { outline: 2px solid Highlight; outline-offset: -2px; }
}
`
