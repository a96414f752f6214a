// Whom the page shows: everybody, tonight's roster or one squad, as the address says it; and who fits a name.

export class Filter {
  // changed() is called when somebody chose.
  constructor({ chips, search, squads, words, changed }) {
    Object.assign(this, { chips, search, words, changed });
    this.chosen = new URLSearchParams(location.search).get("squad") || "all";
    this.show(squads);
    search?.addEventListener("input", changed);
    addEventListener("popstate", () => {
      this.chosen = new URLSearchParams(location.search).get("squad") || "all";
      this.press();
      changed();
    });
  }

  // squads : [{id, name}], as they are now.
  show(squads) {
    this.squads = squads;
    this.ids = new Set(squads.map((squad) => squad.id));
    if (!this.chips) return;
    const all = [{ id: "all", name: this.words.all }, { id: "tonight", name: this.words.tonight }, ...squads];
    if (!all.some((one) => one.id === this.chosen)) all.push({ id: this.chosen, name: this.words.no_squad });
    const focused = this.chips.contains(document.activeElement) ? document.activeElement.dataset.squad : null;
    this.chips.replaceChildren(
      ...all.map(({ id, name }) => {
        const chip = document.createElement("button");
        Object.assign(chip, { type: "button", className: "chip-button", textContent: name });
        chip.dataset.squad = id;
        chip.dataset.testid = `squad-${id}`;
        chip.addEventListener("click", () => this.choose(id));
        return chip;
      }),
    );
    this.press();
    if (focused !== null) this.chips.querySelector(`[data-squad="${CSS.escape(focused)}"]`)?.focus();
  }

  choose(id) {
    this.chosen = id;
    const address = new URL(location.href);
    if (id === "all") address.searchParams.delete("squad");
    else address.searchParams.set("squad", id);
    history.replaceState(history.state, "", address);
    this.press();
    this.changed();
  }

  clear() {
    if (this.search) this.search.value = "";
    this.choose("all");
  }

  press() {
    for (const chip of this.chips?.children ?? []) {
      chip.setAttribute("aria-pressed", String(chip.dataset.squad === this.chosen));
    }
  }

  inSquad(face) {
    if (this.chosen === "all") return true;
    return this.chosen === "tonight" ? face.tonight : face.squads.includes(this.chosen);
  }

  fits(face) {
    const wanted = plain(this.search?.value ?? "");
    return this.inSquad(face) && (wanted === "" || plain(face.name).includes(wanted));
  }

  // Whether a face names a squad that was made after the page.
  misses(faces) {
    return faces.some((face) => (face.squads ?? []).some((id) => !this.ids.has(id)));
  }
}

// Without case and accents: nobody types those beside a track.
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
