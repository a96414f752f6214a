// A tone for an alert that is new: only if somebody asked for it, made here, never fetched.

const KEPT_AS = "sensor-hub-sound";
const TONES_HZ = [880, 660];
const TONE_S = 0.18;

function kept() {
  try {
    return localStorage.getItem(KEPT_AS) === "on";
  } catch {
    return false; // a browser that keeps nothing
  }
}

export class Sound {
  // changed() is called when what the button has to say is another.
  constructor(changed) {
    this.changed = changed;
    this.isOn = kept();
    this.context = null;
    // A browser lets a page sound only after somebody touched it.
    const touched = () => {
      if (this.isOn) this.wake();
    };
    addEventListener("pointerdown", touched);
    addEventListener("keydown", touched);
    if (this.isOn && navigator.userActivation?.hasBeenActive) this.wake();
  }

  get isReady() {
    return this.context !== null && this.context.state === "running";
  }

  toggle() {
    this.isOn = !this.isOn;
    try {
      localStorage.setItem(KEPT_AS, this.isOn ? "on" : "off");
    } catch {
      // it is remembered as long as the page is open
    }
    if (this.isOn) this.wake().then(() => this.play());
    this.changed();
  }

  async wake() {
    this.context ??= new AudioContext();
    if (this.context.state !== "running") await this.context.resume();
    this.changed();
  }

  play() {
    if (!this.isOn || !this.isReady) return;
    const start = this.context.currentTime;
    TONES_HZ.forEach((hertz, i) => {
      const tone = this.context.createOscillator();
      const gain = this.context.createGain();
      const from = start + i * TONE_S;
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(0.4, from + 0.02);
      gain.gain.linearRampToValueAtTime(0, from + TONE_S);
      tone.connect(gain).connect(this.context.destination);
      tone.start(from);
      tone.stop(from + TONE_S);
    });
  }
}
