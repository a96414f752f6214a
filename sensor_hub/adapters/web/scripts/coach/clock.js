// What time it is at the hub, told by its frames, and how old that makes what was heard.

const JUMP_MS = 2000; // more than a slow network: somebody set a clock

export class HubClock {
  constructor() {
    this.aheadMs = null;
  }

  // hubMs : the hub's clock as a frame says it. isFresh : of a new connection, perhaps to another clock.
  set(hubMs, isFresh) {
    const aheadMs = hubMs - Date.now();
    // The frame that took the shortest way knows best.
    if (this.aheadMs === null || isFresh || aheadMs > this.aheadMs || this.aheadMs - aheadMs > JUMP_MS) {
      this.aheadMs = aheadMs;
    }
  }

  // Seconds since a moment of the hub's clock; null of no moment.
  ageS(ms) {
    return ms === null || ms === undefined || this.aheadMs === null
      ? null
      : Math.max(0, (Date.now() + this.aheadMs - ms) / 1000);
  }
}

// An age in words, from the templates of the page; the same steps as on the other pages.
export function ageText(ageS, words) {
  if (ageS === null) return words.no_data;
  if (ageS < 2) return words.now;
  if (ageS < 120) return words.seconds.replace("{n}", Math.floor(ageS));
  if (ageS < 7200) return words.minutes.replace("{n}", Math.floor(ageS / 60));
  if (ageS < 172800) return words.hours.replace("{n}", Math.floor(ageS / 3600));
  return words.days.replace("{n}", Math.floor(ageS / 86400));
}
