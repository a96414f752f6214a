// The one WebSocket that feeds the page: opened again after every end, sooner than anybody reaches for "reload".

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2000;
const SILENT_MS = 4500; // the hub says something every two seconds at least
const OPENING_MS = 4000;
const SIGNED_OUT = 4401;
const NOT_ALLOWED = 4403;

export class Channel {
  // take(frame), lost() when there is no hub any more, ended(reason) with "signed-out" or "not-allowed".
  constructor(address, { take, lost, ended }) {
    Object.assign(this, { address, take, lost, ended });
    this.socket = null;
    this.waitMs = FIRST_WAIT_MS;
    this.heardAt = performance.now();
    this.timer = 0;
    this.isOver = false;
    addEventListener("online", () => this.hurry());
    addEventListener("pageshow", () => this.hurry());
    addEventListener("offline", () => this.drop());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.hurry();
    });
    setInterval(() => this.watch(), 500);
    this.open();
  }

  // How long nothing was heard, ms.
  silentMs() {
    return performance.now() - this.heardAt;
  }

  open() {
    clearTimeout(this.timer);
    if (this.isOver || this.socket !== null) return;
    const socket = new WebSocket(this.address);
    const begun = performance.now();
    let isOpen = false;
    this.socket = socket;
    this.begun = begun;
    socket.onopen = () => {
      isOpen = true;
      this.isFresh = true; // a hub that was restarted may have another clock
    };
    socket.onmessage = (message) => {
      if (socket !== this.socket) return;
      const frame = JSON.parse(message.data);
      this.heardAt = performance.now();
      this.waitMs = FIRST_WAIT_MS;
      this.take(frame, this.isFresh);
      this.isFresh = false;
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      this.socket = null;
      if (event.code === SIGNED_OUT) this.end("signed-out");
      else if (event.code === NOT_ALLOWED) this.end("not-allowed");
      else this.again(isOpen);
    };
  }

  // Let go of a socket that no longer answers, without waiting for its end.
  drop() {
    const socket = this.socket;
    if (socket === null) return;
    this.socket = null;
    socket.onmessage = socket.onclose = null;
    socket.close();
    this.again(true);
  }

  again(wasOpen) {
    if (this.isOver) return;
    this.lost();
    if (!wasOpen) this.ask();
    const waitMs = this.waitMs * (0.5 + Math.random() / 2);
    this.waitMs = Math.min(2 * this.waitMs, LONGEST_WAIT_MS);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), waitMs);
  }

  // At once: the browser is online again, or somebody looks at the page again.
  hurry() {
    if (this.isOver) return;
    if (this.socket !== null && this.silentMs() > SILENT_MS / 2) this.drop();
    this.waitMs = FIRST_WAIT_MS;
    this.open();
  }

  watch() {
    if (this.socket === null) return;
    const isMute = this.socket.readyState === WebSocket.OPEN && this.silentMs() > SILENT_MS;
    const isStuck = this.socket.readyState !== WebSocket.OPEN && performance.now() - this.begun > OPENING_MS;
    if (isMute || isStuck) this.drop();
  }

  // A socket that was refused does not say why: whoever has to sign in first is sent away from the page itself.
  async ask() {
    try {
      const answer = await fetch(location.pathname, { redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 401) this.end("signed-out");
      else if (answer.status === 403) this.end("not-allowed");
    } catch {
      // no hub: the next try will tell
    }
  }

  end(reason) {
    this.isOver = true;
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    if (socket !== null) socket.close();
    this.ended(reason);
  }
}
