// Which alerts are new: a finding and its level that this page has not seen before. What stood there at first is not.

export class Alerts {
  constructor() {
    this.known = null;
  }

  // Return the faces with a new alert.
  news(faces) {
    const isFirst = this.known === null;
    this.known ??= new Set();
    const found = [];
    for (const face of faces) {
      const keys = (face.alert_key || "").split(" ").filter((key) => key !== "");
      const isNew = keys.some((key) => !this.known.has(key));
      for (const key of keys) this.known.add(key);
      if (isNew && !isFirst) found.push(face);
    }
    return found;
  }
}
