import { type Rgb, legibleOn, mix, toHex } from './accent.ts'

// The surfaces of each theme. The accent is fitted to the one it is hardest to read on: the page
// behind the card where all is light, the card itself where all is dark.
const light = { paper: [245, 244, 240], card: [255, 255, 255] } as const
const dark = { paper: [20, 21, 19], card: [30, 31, 29] } as const

/** The one stylesheet of the built-in pages, with the brand's colour in it. */
export function stylesheet(accent: Rgb): string {
  return `:root {
  color-scheme: light dark;
  --paper: ${toHex(light.paper)};
  --card: ${toHex(light.card)};
  --ink: #1c1d1a;
  --quiet: #5d5e58;
  --line: #e2e0d9;
  --edge: #85867d;
  --success: #17703a; --success-wash: #e3f3e8;
  --info: #1f5fa6; --info-wash: #e5eef9;
  --warning: #855100; --warning-wash: #fbf0da;
  --failure: #a8261c; --failure-wash: #fbe8e5;
  ${accentVariables(legibleOn(light.paper, accent), light.card, [0, 0, 0])}
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: ${toHex(dark.paper)};
    --card: ${toHex(dark.card)};
    --ink: #eeede8;
    --quiet: #a9aaa2;
    --line: #35372f;
    --edge: #7d8076;
    --success: #7fd49a; --success-wash: #20352a;
    --info: #93c0f5; --info-wash: #1f2d3e;
    --warning: #f0bd66; --warning-wash: #392e1a;
    --failure: #ff9d92; --failure-wash: #41231f;
    ${accentVariables(legibleOn(dark.card, accent, 6), dark.card, [255, 255, 255])}
  }
}
${rules}`
}

function accentVariables(accent: Rgb, card: Rgb, away: Rgb): string {
  return [
    `--accent: ${toHex(accent)};`,
    `--accent-hover: ${toHex(mix(accent, away, 0.16))};`,
    `--accent-wash: ${toHex(mix(card, accent, 0.1))};`,
  ].join(' ')
}

const rules = `*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  padding: 2rem 1.25rem clamp(2rem, 10vh, 6rem);
  display: flex;
  flex-direction: column;
  align-items: center;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  -webkit-font-smoothing: antialiased;
  /* An address or the name of the app may be one word, wider than a phone. */
  overflow-wrap: anywhere;
}
h1 {
  margin: 0 0 0.5rem;
  font-size: 1.5rem;
  line-height: 1.2;
  font-weight: 650;
  letter-spacing: -0.017em;
  text-wrap: balance;
}
p { margin: 0 0 1rem; text-wrap: pretty; }
a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:hover { color: var(--accent-hover); text-decoration-thickness: 2px; }
strong { font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }

/* A short page stands in the middle, a little above it. */
.brand {
  min-height: 2.25rem;
  margin: auto 0 1.5rem;
  display: flex;
  align-items: center;
  gap: 0.625rem;
  font-weight: 600;
}
.brand img { display: block; max-width: 9rem; height: 2.25rem; object-fit: contain; }
.initial {
  flex: none;
  width: 2.25rem;
  height: 2.25rem;
  border-radius: 0.625rem;
  background: var(--accent);
  color: var(--card);
}
.initial, .badge, .dial { display: grid; place-items: center; }
main { width: 100%; max-width: 26rem; margin-bottom: auto; }
.card {
  padding: clamp(1.5rem, 6vw, 2.25rem);
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 1rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px -12px rgb(0 0 0 / 10%);
}
.card > :last-child, .card > :last-child > :last-child { margin-bottom: 0; }
.centred { text-align: center; }
.centred p, .aside p, .strip, .primary, .secondary { text-wrap: balance; }
.centred .facts, .centred .field { text-align: start; }
.centred .field p { text-wrap: pretty; }
.badge {
  width: 3.75rem;
  height: 3.75rem;
  margin: 0 auto 1.25rem;
  border-radius: 50%;
  background: var(--accent-wash);
  color: var(--accent);
}
.badge.success { background: var(--success-wash); color: var(--success); }
.badge.info { background: var(--info-wash); color: var(--info); }
.badge.warning { background: var(--warning-wash); color: var(--warning); }
.badge.failure { background: var(--failure-wash); color: var(--failure); }
.badge svg {
  width: 2rem;
  fill: none;
  stroke: currentColor;
  stroke-width: 1.6;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.lead { margin-bottom: 1.5rem; }
.lead + .quiet { margin: -0.75rem 0 1.5rem; }
.instead { margin-top: 1.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
.quiet, .hint, .aside { color: var(--quiet); font-size: 0.9375rem; }
.aside { margin-top: 1.25rem; padding: 0 clamp(0.25rem, 3vw, 1rem); text-align: center; }

.field { margin-bottom: 1.25rem; }
label, .hint, .mistake { display: block; margin-bottom: 0.375rem; }
label, .mistake { font-weight: 600; }
.mistake { color: var(--failure); }
input:not([type='hidden']), .primary, .secondary {
  width: 100%;
  min-height: 3rem;
  padding: 0.625rem 1rem;
  font: inherit;
  color: var(--ink);
  background: var(--card);
  border: 1px solid var(--edge);
  border-radius: 0.625rem;
}
input:focus-visible { outline-offset: 0; border-color: var(--accent); }
input[aria-invalid='true'] { border-color: var(--failure); box-shadow: inset 0 0 0 1px var(--failure); }

.primary, .secondary {
  display: flex;
  align-items: center;
  justify-content: center;
  font-weight: 600;
  font-variant-numeric: tabular-nums;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
  transition: background-color 120ms ease-out, border-color 120ms ease-out;
}
.primary, .primary:hover { background: var(--accent); color: var(--card); border-color: transparent; }
.primary:hover { background: var(--accent-hover); }
.secondary:hover { color: var(--ink); border-color: var(--ink); }
button + button { margin-top: 0.75rem; }
button:disabled { background: var(--card); color: var(--quiet); border-color: var(--line); cursor: default; }

.notice, .strip { padding: 0.75rem 1rem; border-radius: 0.625rem; font-size: 0.9375rem; }
.notice { margin: 1rem 0 1.5rem; background: var(--accent-wash); }
.notice p { margin-bottom: 0.75rem; }
.notice > :last-child { margin-bottom: 0.25rem; }
.strip { margin: 1.5rem 0 0; padding-bottom: 0.25rem; border: 1px dashed var(--edge); text-align: center; }
.strip a { display: block; padding: 0.625rem; font-weight: 600; }
.facts { margin: 0 0 1.25rem; border-block: 1px solid var(--line); padding-block: 0.25rem; }
.facts dt { margin-top: 0.5rem; color: var(--quiet); font-size: 0.875rem; }
.facts dd { margin: 0 0 0.5rem; font-weight: 600; }

.dial { position: relative; width: 11.5rem; margin: 0 auto 1.5rem; }
.dial svg { width: 100%; transform: rotate(-90deg); fill: none; stroke-width: 5; stroke-linecap: round; }
.dial-track { stroke: var(--line); }
.dial-time { stroke: var(--accent); transition: stroke-dashoffset 1s linear; }
.number {
  position: absolute;
  font-size: 5.25rem;
  line-height: 1;
  font-weight: 600;
  letter-spacing: -0.03em;
  font-variant-numeric: tabular-nums;
}
.number.code { font-size: 3rem; letter-spacing: 0.02em; }
.waiting .number { position: static; margin-bottom: 1rem; }
.waiting { margin-top: 1.5rem; }
.status { margin-bottom: 0.25rem; font-weight: 600; }
.pulse {
  display: inline-block;
  width: 0.625rem;
  height: 0.625rem;
  margin-inline-end: 0.375rem;
  border-radius: 50%;
  background: var(--accent);
  animation: pulse 2s ease-in-out infinite;
}
.approved .pulse { animation: none; }
.waiting .quiet { font-variant-numeric: tabular-nums; }
@keyframes pulse { 50% { opacity: 0.25; } }

@media (max-width: 30rem) {
  body { padding: 1.5rem 1rem clamp(1.5rem, 8vh, 5rem); }
  .brand { margin-bottom: 1.25rem; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .primary, .initial, .badge { border: 1px solid ButtonText; }
}
`
