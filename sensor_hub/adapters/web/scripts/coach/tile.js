// One runner: made once from the page's template, then changed in place, and only where something is new.

import { ageText } from "./clock.js";
import { put, putAttribute, show } from "./dom.js";

const STALE_S = 5;
const ROOMS = ["load", "distance"];

export class TileCard {
  constructor(template, id) {
    this.face = { id };
    this.box = template.content.firstElementChild.cloneNode(true);
    this.box.dataset.testid = `tile-${id}`;
    this.parts = {};
    for (const part of this.box.querySelectorAll("[data-part]")) this.parts[part.dataset.part] = part;
    this.isStale = null;
  }

  get hasFocus() {
    return this.box.contains(document.activeElement);
  }

  // Take what changed of a face, or all of it.
  take(change) {
    const face = Object.assign(this.face, change);
    const { parts } = this;
    put(parts.name, face.name);
    putAttribute(parts.name, "href", face.href);
    putAttribute(parts.name, "aria-label", face.label);
    put(parts.word, face.word);
    show(parts.simulated, face.simulated);
    put(parts.battery, face.battery);
    show(parts.battery, face.battery !== "");
    parts.battery.classList.toggle("low", face.battery_low);
    this.number("cadence");
    this.number("contact");
    this.balance();
    for (const room of ROOMS) this.room(room);
    show(parts.distance_note, face.distance_note !== face.load_note && face.distance_note !== "");
    put(parts.standing, face.standing);
    show(parts.standing, face.standing !== "");
    put(parts.alert, face.alert);
    show(parts.alert, face.alert !== "");
    this.paint();
  }

  number(name) {
    const { face, parts } = this;
    put(parts[name], face[name]);
    put(parts[`${name}_why`], face[`${name}_why`]);
    show(parts[`${name}_why`], face[`${name}_why`] !== "");
    if (name === "contact") this.mark("contact");
  }

  balance() {
    const { face, parts } = this;
    parts.balance_box.classList.toggle("none", face.balance === ""); // it keeps its place
    put(parts.balance, face.balance);
    put(parts.balance_text, face.balance_text);
    const side = face.balance_side || "even";
    if (parts.balance_box.dataset.side !== side) parts.balance_box.dataset.side = side;
    this.mark("balance");
  }

  mark(name) {
    const { face, parts } = this;
    put(parts[`${name}_says`], face[`${name}_says`]);
    show(parts[`${name}_says`], face[`${name}_says`] !== "");
    parts[`${name}_box`].classList.toggle("beyond", face[`${name}_mark`] !== "");
    show(parts.beside, face.contact_says !== "" || face.balance_says !== "");
  }

  room(name) {
    const { face, parts } = this;
    const box = parts[name];
    show(box, face.shows_load);
    if (box.className !== face[`${name}_class`]) box.className = face[`${name}_class`];
    put(parts[`${name}_so_far`], face[`${name}_so_far`]);
    put(parts[`${name}_limit`], face[`${name}_limit`]);
    put(parts[`${name}_note`], face[`${name}_note`]);
    const track = parts[`${name}_track`];
    putAttribute(track, "aria-label", face[`${name}_label`]);
    for (const share of ["fill", "over", "tick"]) {
      const value = String(face[`${name}_${share}`]);
      if (track.style.getPropertyValue(`--${share}`) !== value) track.style.setProperty(`--${share}`, value);
    }
  }

  paint() {
    const { face } = this;
    const classes = ["tile", `state-${face.state}`];
    if (face.running) classes.push("running");
    if (face.quiet) classes.push("quiet");
    if (this.isStale) classes.push("stale");
    const text = classes.join(" ");
    if (this.box.className !== text) this.box.className = text;
    if (this.box.dataset.state !== face.state) this.box.dataset.state = face.state;
  }

  // Count its age on. isLost : nothing was heard of the hub for so long that no number is of now.
  tick(clock, words, isLost) {
    const ageS = clock.ageS(this.face.heard_ms);
    const isStale = isLost || ageS === null || ageS > STALE_S;
    put(this.parts.age, ageText(ageS, words));
    if (isStale !== this.isStale) {
      this.isStale = isStale;
      this.paint();
    }
  }
}
