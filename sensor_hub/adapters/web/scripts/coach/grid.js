// Which tiles stand where: those who need attention first, everybody who is not running folded to a line at the end.
//
// A tile moves only when its rank changes, that is its state, and never while it has the keyboard's focus.

import { TileCard } from "./tile.js";

export class Grid {
  constructor({ template, running, resting }) {
    Object.assign(this, { template, running, resting });
    this.cards = new Map();
    this.isShown = () => true;
    this.places = "";
    this.isPressed = false; // a finger is on its way: nothing may move under it
    const later = () => queueMicrotask(() => this.arrange());
    for (const place of [running, resting]) {
      place.addEventListener("focusout", later);
      place.addEventListener("pointerdown", (event) => (this.isPressed = event.button === 0));
    }
    // A menu, another window or the end of a drag swallows the end of a press.
    for (const end of ["pointerup", "pointercancel", "contextmenu", "dragend", "blur", "pagehide"]) {
      addEventListener(end, () => {
        this.isPressed = false;
        later();
      });
    }
  }

  take(frame) {
    const wanted = frame.kind === "all" ? new Set(frame.tiles.map((face) => face.id)) : null;
    for (const face of frame.tiles) {
      let card = this.cards.get(face.id);
      if (card === undefined) {
        if (wanted === null && face.name === undefined) continue; // a change of somebody we do not have
        card = new TileCard(this.template, face.id);
        this.cards.set(face.id, card);
      }
      card.take(face);
    }
    for (const id of wanted === null ? frame.gone : [...this.cards.keys()].filter((key) => !wanted.has(key))) {
      this.cards.get(id)?.box.remove();
      this.cards.delete(id);
    }
    this.arrange();
  }

  // Show those of whom this is true.
  filter(isShown) {
    this.isShown = isShown;
    this.arrange();
  }

  shown() {
    return [...this.cards.values()].filter((card) => this.isShown(card.face));
  }

  arrange() {
    if (this.isPressed) return;
    const cards = [...this.cards.values()].sort(byNeed);
    for (const card of cards) {
      const isHidden = !this.isShown(card.face);
      if (card.box.hidden !== isHidden) card.box.hidden = isHidden;
    }
    const isHeld = (card) => card.hasFocus && card.box.parentNode !== null;
    const inFold = (card) => (isHeld(card) ? card.box.parentNode === this.resting : card.face.fold);
    place(this.running, cards.filter((card) => !inFold(card)), isHeld);
    place(this.resting, cards.filter((card) => inFold(card)), isHeld);
  }

  nResting() {
    return this.shown().filter((card) => card.box.parentNode === this.resting).length;
  }
}

function byNeed(one, other) {
  return one.face.rank - other.face.rank || one.face.name.localeCompare(other.face.name) || compare(one, other);
}

function compare(one, other) {
  return one.face.id < other.face.id ? -1 : 1;
}

// Put cards into this order. The one that is held keeps its place; the others move around it.
function place(parent, cards, isHeld) {
  const held = cards.find((card) => isHeld(card));
  if (held !== undefined) {
    const others = cards.filter((card) => card !== held);
    others.splice([...parent.children].indexOf(held.box), 0, held);
    cards = others;
  }
  const now = parent.children;
  let i = 0;
  for (const card of cards) {
    if (now[i] !== card.box) {
      if (card === held) {
        // Whatever stands before it and is not in its place goes behind; itself it is never taken out.
        while (now[i] !== held.box) parent.append(now[i]);
      } else {
        parent.insertBefore(card.box, now[i] ?? null);
      }
    }
    i += 1;
  }
}
