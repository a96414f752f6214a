// What a timeline needs in the browser: its hatches, its clock, its tooltip, and zooming by buttons.
window.hubTimeline ??= (() => {
  const escaped = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

  const clock = (seconds) => {
    const whole = Math.round(Math.abs(seconds));
    const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (n) => String(n).padStart(2, '0');
    return (seconds < 0 ? '−' : '') + (h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`);
  };

  // A pattern for a ground: stripes one way for what is unknown, dots for a pause.
  const hatch = (kind) => {
    const size = 8;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size;
    const draw = canvas.getContext('2d');
    draw.fillStyle = hubColour('--hatch-ground');
    draw.fillRect(0, 0, size, size);
    draw.strokeStyle = draw.fillStyle = hubColour(kind === 'gap' ? '--gap-line' : '--pause-dot');
    if (kind === 'gap') {
      draw.lineWidth = 1.6;
      draw.beginPath();
      for (const x of [-size, 0, size]) {
        draw.moveTo(x, size);
        draw.lineTo(x + size, 0);
      }
      draw.stroke();
    } else {
      draw.beginPath();
      draw.arc(size / 2, size / 2, 1.3, 0, 2 * Math.PI);
      draw.fill();
    }
    return {image: canvas, repeat: 'repeat'};
  };

  const shown = (value, of) => {
    if (typeof value !== 'number') return of.unknown;
    const number = `${value.toFixed(of.decimals).replace('-', '−')} ${of.unit}`;
    if (!of.pace || value <= 0) return number;
    return `${number} (${clock(3600 / value)} ${of.pace})`;
  };

  // One box for all panels: the moment of the run, the time of day, why nothing is known, and each value.
  const tooltip = (spec) => (found) => {
    const at = found[0].axisValue;
    const seconds = spec.timed ? at / 1000 : null;
    const lines = [];
    if (spec.timed) {
      const day = new Date(spec.start_ms + at).toLocaleTimeString('en-GB', {timeZone: spec.zone});
      lines.push(`<b>${clock(seconds)}</b> · ${day}`);
    } else {
      lines.push(`<b>${at.toFixed(2)} ${escaped(spec.length)}</b>`);
    }
    for (const part of spec.unseen) {
      if (at >= part.begin && at < part.end) lines.push(`<i>${escaped(part.text)}</i>`);
    }
    for (const one of found) {
      const of = spec.series[one.seriesId];
      if (of) lines.push(`${one.marker}${escaped(of.name)}: ${shown(one.value[one.encode.y[0]], of)}`);
    }
    return lines.join('<br>');
  };

  const near = (low, x, high) => Math.min(Math.max(x, low), high);

  const zoom = (id, what) => {
    const chart = getElement(id).chart;
    const options = chart?.getOption();
    if (!options?.dataZoom?.length) return;
    const [low, high] = [options.xAxis[0].min, options.xAxis[0].max];
    let {startValue: from, endValue: to} = options.dataZoom[0];
    const wide = to - from;
    const least = Math.min(options.dataZoom[0].minValueSpan ?? 0, high - low);
    if (what === 'whole') [from, to] = [low, high];
    if (what === 'last') [from, to] = [Math.max(low, high - 600000), high];
    if (what === 'in' || what === 'out') {
      const now = near(least, wide * (what === 'in' ? 0.5 : 2), high - low);
      from = near(low, (from + to - now) / 2, high - now);
      to = from + now;
    }
    if (what === 'left' || what === 'right') {
      from = near(low, from + (what === 'left' ? -0.5 : 0.5) * wide, high - wide);
      to = from + wide;
    }
    chart.dispatchAction({
      type: 'dataZoom',
      batch: options.dataZoom.map((_, dataZoomIndex) => ({dataZoomIndex, startValue: from, endValue: to})),
    });
  };

  return {clock, hatch, tooltip, zoom, axis: (ms) => clock(ms / 1000)};
})();
