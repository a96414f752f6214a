// The screen of a phone beside the track stays on, if somebody asks for it and the browser can.

const KEPT_AS = "sensor-hub-awake";

export class Awake {
  constructor(changed) {
    this.changed = changed;
    this.lock = null;
    this.isWanted = false;
    try {
      this.isWanted = this.isAvailable && localStorage.getItem(KEPT_AS) === "on";
    } catch {
      // a browser that keeps nothing
    }
    document.addEventListener("visibilitychange", () => this.take()); // a hidden page loses it
    this.take();
  }

  get isAvailable() {
    return "wakeLock" in navigator;
  }

  get isOn() {
    return this.lock !== null;
  }

  async take() {
    if (!this.isWanted || this.lock !== null || document.hidden) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => {
        this.lock = null;
        this.changed();
      });
      this.lock = lock;
    } catch {
      // refused, as with a battery that is nearly empty: the button shows that it is off
    }
    this.changed();
  }

  async toggle() {
    this.isWanted = !this.isOn;
    try {
      localStorage.setItem(KEPT_AS, this.isWanted ? "on" : "off");
    } catch {
      // it is remembered as long as the page is open
    }
    if (this.isWanted) await this.take();
    else await this.lock.release();
  }
}
