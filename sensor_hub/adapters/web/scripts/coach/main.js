// The coach's page. What it says comes from the hub with the page; what it shows comes through the channel.

import { Alerts } from "./alerts.js";
import { Awake } from "./awake.js";
import { Channel } from "./channel.js";
import { HubClock } from "./clock.js";
import { put } from "./dom.js";
import { Grid } from "./grid.js";
import { Sound } from "./sound.js";
import { Filter } from "./squads.js";
import { sendChoice } from "./show.js";

const TICK_MS = 250;
const LOST_MS = 5000; // as long as a number of one runner may be old
const SAID_AFTER_MS = 900; // a hub that is back at once is no news

const at = (id) => document.getElementById(id);
const { words, squads } = JSON.parse(at("said").textContent);
const clock = new HubClock();
const alerts = new Alerts();
const grid = new Grid({ template: at("tile"), running: at("running"), resting: at("resting") });
let lostAt = null; // of the page's clock, ms
let hasTiles = false;

const filter = new Filter({ chips: at("chips"), search: at("search"), squads, words, changed: () => refilter() });
const sound = new Sound(() => showToggles());
const awake = new Awake(() => showToggles());

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function refilter() {
  grid.filter((face) => filter.fits(face));
  summarise();
}

function summarise() {
  const faces = grid.shown().map((card) => card.face);
  const count = (isOne) => faces.filter(isOne).length;
  const nAbove = count((face) => face.state === "alert");
  put(
    at("summary"),
    fill(words.summary, {
      alert: nAbove,
      near: count((face) => face.state === "near"),
      running: count((face) => face.running),
      n: faces.length,
    }),
  );
  const nResting = grid.nResting();
  at("fold").hidden = nResting === 0;
  put(at("fold-name"), fill(words.not_running, { n: nResting }));
  at("empty").hidden = !hasTiles || grid.cards.size > 0;
  at("none").hidden = grid.cards.size === 0 || faces.length > 0;
  document.title = nAbove > 0 ? `(${nAbove}) ${words.title}` : words.title;
}

function tell(faces) {
  const news = alerts.news(faces).filter((face) => filter.inSquad(face));
  if (news.length === 0) return;
  put(at("live"), news.map((face) => face.spoken).join(" "));
  sound.play();
}

function take(frame, isFresh) {
  clock.set(frame.now, isFresh);
  lostAt = null;
  hasTiles = true;
  grid.take(frame);
  if (filter.misses(frame.tiles)) readSquads();
  tell([...grid.cards.values()].map((card) => card.face));
  const trouble = frame.trouble ?? "";
  put(at("trouble"), trouble);
  at("trouble").hidden = trouble === "";
  summarise();
  tick();
}

let readingSquads = false;
async function readSquads() {
  if (readingSquads) return;
  readingSquads = true;
  try {
    const answer = await fetch("/api/squads");
    if (answer.ok) filter.show(await answer.json());
  } catch {
    // no hub just now
  } finally {
    setTimeout(() => (readingSquads = false), 5000);
  }
}

function tick() {
  const silentMs = channel.silentMs();
  const isLost = silentMs > LOST_MS || !at("trouble").hidden;
  document.body.classList.toggle("lost", isLost);
  for (const card of grid.cards.values()) card.tick(clock, words, isLost);
  const isSaid = (lostAt !== null && performance.now() - lostAt > SAID_AFTER_MS) || silentMs > LOST_MS;
  if (at("connection").hidden === isSaid) {
    const since = new Date(Date.now() - silentMs).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    at("connection").hidden = !isSaid;
    put(at("connection"), isSaid ? fill(hasTiles ? words.no_connection : words.never_connected, { time: since }) : "");
  }
}

function ended(reason) {
  clearInterval(ticking); // what it looks after goes
  const text = at(reason);
  document.title = words.title;
  document.querySelector(".page").replaceChildren(text.content.cloneNode(true));
}

function showToggles() {
  const button = at("sound");
  if (button === null) return; // the page has ended
  button.setAttribute("aria-pressed", String(sound.isOn));
  put(at("sound-word"), !sound.isOn ? words.sound_off : sound.isReady ? words.sound_on : words.sound_waits);
  at("awake").hidden = !awake.isAvailable;
  at("awake").setAttribute("aria-pressed", String(awake.isOn));
  put(at("awake-word"), awake.isOn ? words.awake_on : words.awake_off);
}

at("sound").addEventListener("click", () => sound.toggle());
at("awake").addEventListener("click", () => awake.toggle());
at("show-all").addEventListener("click", () => filter.clear());
addEventListener("beforeprint", () => (at("fold").open = true));
at("sign-out")?.addEventListener("click", async () => {
  await fetch("/sign-out", { method: "POST", headers: { "X-Sensor-Hub": "1" } });
  location.assign("/sign-in");
});
at("show-menu").addEventListener("change", sendChoice);
showToggles();
refilter();

const address = new URL("/api/live", location.href);
address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
const channel = new Channel(address, { take, ended, lost: () => (lostAt ??= performance.now()) });
const ticking = setInterval(tick, TICK_MS);
