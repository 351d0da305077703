// The visible part of the map: drawing it and moving it.
const view = (() => {
  const canvas = document.getElementById("map"), context = canvas.getContext("2d", { alpha: false });
  const FAMILY = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';
  const SIZE = data.fontSize; // in CSS pixels
  const FONT = `${SIZE}px ${FAMILY}`, BOLD = `600 ${SIZE + 1}px ${FAMILY}`, LARGE = `600 ${SIZE + 3}px ${FAMILY}`;
  const LEAST_ZOOM = 0.5, MOST_ZOOM = 400; // compared to the whole map
  const MARGIN = data.isSmall ? 80 : 60, MOST_RADIUS = 6;
  const NAMES_UNTIL = 2.5; // closeness, compared to the whole map, from which groups have no names on it
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  // The point (x, y) of the map is at (x * scale + left, y * scale + top), in CSS pixels.
  const state = { scale: 1, left: 0, top: 0, selected: -1, hovered: -1, group: -1 };
  let width = 0, height = 0, ratio = 1, pending = 0, flight = 0, shown = [], shownNames = [];
  let ink = "", ground = "";

  const byCluster = data.members.flat(); // the drawing order; sets each color once
  const colorOf = (cluster) => data.colors[dark.matches ? "dark" : "light"][cluster];
  const screenX = (word) => data.x[word] * state.scale + state.left;
  const screenY = (word) => data.y[word] * state.scale + state.top;

  function free() { // the part of the window beside the panel
    const panel = document.getElementById("panel").getBoundingClientRect();
    const beside = panel.width < width / 2;
    const left = beside ? panel.right : 0, top = beside ? 0 : Math.min(panel.bottom, height / 2);
    return { left, top, width: width - left, height: height - top };
  }

  const marginOf = (side) => Math.min(MARGIN, side / 8);

  function fitting(box) { // the scale and offset at which `box`, in map units, fills the free part
    const room = free();
    const scale = Math.min((room.width - 2 * marginOf(room.width)) / (box.right - box.left || 1e-9),
      (room.height - 2 * Math.min(40, MARGIN)) / (box.bottom - box.top || 1e-9));
    const limited = Math.min(Math.max(scale, 1), MOST_ZOOM * Math.min(room.width, room.height) / 3);
    return {
      scale: limited,
      left: room.left + room.width / 2 - limited * (box.left + box.right) / 2,
      top: room.top + room.height / 2 - limited * (box.top + box.bottom) / 2,
    };
  }

  const WHOLE = bounds(Array.from({ length: data.count }, (_, word) => word));
  const wholeScale = () => fitting(WHOLE).scale;

  const EDGE = 6; // of the window, which names of groups keep free

  /** The pixels on each side of the whole map. */
  function aroundWhole() {
    const place = fitting(WHOLE), top = free().left ? 0 : free().top;
    return {
      left: WHOLE.left * place.scale + place.left - EDGE, right: width - EDGE - (WHOLE.right * place.scale + place.left),
      top: WHOLE.top * place.scale + place.top - top - EDGE, bottom: height - EDGE - (WHOLE.bottom * place.scale + place.top),
    };
  }

  /** The corners of the window that the panel, if it is beside the map, and the buttons take. */
  function takenCorners() {
    const panel = document.getElementById("panel").getBoundingClientRect();
    const buttons = document.getElementById("zoom").getBoundingClientRect();
    return {
      panel: free().left ? { width: panel.right, height: panel.bottom } : { width: 0, height: 0 },
      buttons: { width: width - buttons.left, height: height - buttons.top },
    };
  }

  function bounds(words) {
    const box = { left: 1, right: 0, top: 1, bottom: 0 };
    for (const word of words) {
      box.left = Math.min(box.left, data.x[word]); box.right = Math.max(box.right, data.x[word]);
      box.top = Math.min(box.top, data.y[word]); box.bottom = Math.max(box.bottom, data.y[word]);
    }
    return box;
  }

  // drawing

  function redraw() { pending ||= requestAnimationFrame(() => { pending = 0; draw(); }); }

  function restyle() {
    const style = getComputedStyle(document.documentElement);
    [ink, ground] = ["--ink", "--ground"].map((name) => style.getPropertyValue(name).trim());
  }

  function resize() {
    if (innerWidth === width && innerHeight === height && devicePixelRatio === ratio) return;
    const before = { width, height };
    [width, height, ratio] = [innerWidth, innerHeight, devicePixelRatio];
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    points.resize(context, canvas.width, canvas.height);
    if (!before.width) Object.assign(state, fitting(WHOLE));
    state.left += before.width ? (width - before.width) / 2 : 0;
    state.top += before.height ? (height - before.height) / 2 : 0;
    draw(); // before the browser paints: until then, the canvas is black
  }

  const radiusAt = (closeness) => Math.min(MOST_RADIUS, Math.max(1.4, 1.7 * Math.sqrt(closeness) * Math.min(1.5, 60 / Math.sqrt(data.count) + 0.5)));
  const radius = () => radiusAt(state.scale / wholeScale());
  const isSeen = (x, y, reach) => x > -reach && x < width + reach && y > -20 && y < height + 20;

  function draw() {
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round"; // other joins give letters spikes
    const near = state.selected < 0 ? [] : data.closest(state.selected);
    drawPoints();
    if (near.length) drawRays(near);
    const boxes = near.length ? drawNear(near) : [];
    drawNames(boxes);
    drawLabels(boxes);
    if (state.hovered >= 0 && state.hovered !== state.selected) drawRing(state.hovered, radius() + 3);
  }

  const isDim = (word) => state.group >= 0 && data.clusters[word] !== state.group;

  function drawPoints() {
    const place = { scale: state.scale * ratio, left: state.left * ratio, top: state.top * ratio };
    const strength = state.selected >= 0 ? 0.22 : 0.8;
    points.paint(context, byCluster, place, radius() * ratio, ground, data.names.map((_, cluster) => colorOf(cluster)),
      (word) => (isDim(word) ? 0.08 : strength));
  }

  function drawRays(near) {
    const x = screenX(state.selected), y = screenY(state.selected);
    for (const [word, similarity] of near) {
      context.strokeStyle = colorOf(data.clusters[word]);
      context.globalAlpha = 0.25 + 0.6 * Math.max(0, similarity);
      context.lineWidth = 0.5 + 2 * Math.max(0, similarity);
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(screenX(word), screenY(word));
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** Draw the selected word and its neighbours, and return the boxes of their labels. */
  function drawNear(near) {
    const boxes = [], size = radius() + 2.5;
    for (const [word] of [...near, [state.selected]]) {
      trace(word, size);
      context.fillStyle = colorOf(data.clusters[word]);
      context.fill();
      const reach = word === state.selected ? size + 4 : size; // keep labels off the points
      const [x, y] = [screenX(word), screenY(word)];
      boxes.push({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach });
    }
    drawRing(state.selected, size + 3);
    drawText(data.words[state.selected], state.selected, LARGE, ink, boxes, size + 4);
    for (const [word, similarity] of near)
      drawText(`${data.isolated(word)} ${similarity.toFixed(2)}`, word, BOLD, ink, boxes, size);
    return boxes;
  }

  /** Write `text` above, below or beside the point of a word, unless it overlaps `boxes` everywhere. */
  function drawText(text, word, font, color, boxes, away) {
    context.font = font;
    const half = context.measureText(text).width / 2, tall = SIZE * 0.75, x = screenX(word), y = screenY(word);
    if (!isSeen(x, y, half)) return;
    const inside = x > 0 && x < width ? Math.max(0, half + 6 - x) - Math.max(0, x + half + 6 - width) : 0;
    const places = [[inside, -away - tall], [inside, away + tall], [half + away + 4, 0], [-half - away - 4, 0]];
    for (const [right, down] of places) {
      const box = { left: x + right - half - 2, right: x + right + half + 2, top: y + down - tall, bottom: y + down + tall };
      if (boxes.some((other) => overlaps(box, other))) continue;
      boxes.push(box);
      write(text, x + right, y + down, color);
      return;
    }
  }

  const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  function write(text, x, y, color) {
    context.direction = data.directionOf(text);
    context.strokeStyle = ground;
    context.lineWidth = 3.5;
    context.strokeText(text, x, y);
    context.fillStyle = color;
    context.fillText(text, x, y);
  }

  function trace(word, size) {
    context.beginPath();
    context.arc(screenX(word), screenY(word), size, 0, 2 * Math.PI);
  }

  function drawRing(word, size) {
    trace(word, size);
    context.strokeStyle = ink;
    context.lineWidth = 1.5;
    context.stroke();
  }

  /** Draw the names of the groups, in free space, while the map is zoomed out; those far from their group with a line. */
  function drawNames(boxes) {
    const whole = wholeScale(), closeness = state.scale / whole;
    shownNames = [];
    if (state.selected >= 0 || closeness > NAMES_UNTIL) return;
    context.globalAlpha = Math.min(1, (NAMES_UNTIL - closeness) * 2);
    context.font = BOLD;
    const found = names.placed(state.scale, WHOLE, whole, aroundWhole(), takenCorners(), radiusAt(closeness * Math.SQRT2));
    found.forEach((place, cluster) => {
      if (!place || (state.group >= 0 && state.group !== cluster)) return;
      const x = place.x * state.scale + state.left, y = place.y * state.scale + state.top;
      const box = names.boxAt(cluster, x, y);
      if (boxes.some((other) => overlaps(box, other))) return;
      boxes.push(box);
      if (place.from) drawLeader(place.from, box, colorOf(cluster));
      write(data.names[cluster], x, y, colorOf(cluster));
      shownNames.push({ cluster, ...box });
    });
    context.globalAlpha = 1;
  }

  /** Draw the thin line from the middle of a group to its name. */
  function drawLeader(from, box, color) {
    const x = from.x * state.scale + state.left, y = from.y * state.scale + state.top;
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(Math.min(Math.max(x, box.left), box.right), Math.min(Math.max(y, box.top), box.bottom));
    context.stroke();
  }

  function drawLabels(boxes) {
    const level = labels.levelFor(state.scale);
    const reserved = boxes.slice();
    const near = new Set(state.selected < 0 ? [] : [state.selected, ...data.closest(state.selected).map(([word]) => word)]);
    shown = [];
    context.font = FONT;
    context.globalAlpha = state.selected >= 0 ? 0.45 : 0.95;
    for (let word = 0; word < data.count; word++) {
      if (labels.firstLevel[word] > level || isDim(word) || near.has(word)) continue;
      const box = labels.boxAt(word, screenX(word), screenY(word));
      if (box.right < 0 || box.left > width || box.bottom < 0 || box.top > height) continue;
      if (reserved.some((other) => overlaps(box, other))) continue;
      write(data.words[word], (box.left + box.right) / 2, (box.top + box.bottom) / 2, ink);
      shown.push({ word: data.words[word], ...box });
    }
    context.globalAlpha = 1;
  }

  // moving

  function zoomAt(x, y, factor) {
    const whole = wholeScale();
    const scale = Math.min(Math.max(state.scale * factor, LEAST_ZOOM * whole), MOST_ZOOM * whole);
    state.left = x - (x - state.left) * scale / state.scale;
    state.top = y - (y - state.top) * scale / state.scale;
    state.scale = scale;
    redraw();
  }

  function flyTo(target) {
    cancelAnimationFrame(flight);
    if (still.matches) { Object.assign(state, target); redraw(); return; }
    const from = { ...state }, start = performance.now();
    // The middle of the window moves along a straight line; the scale changes by a constant factor per unit of time.
    const middle = ({ scale, left, top }) => [(width / 2 - left) / scale, (height / 2 - top) / scale];
    const [fromX, fromY] = middle(from), [toX, toY] = middle(target);
    const step = (now) => {
      const time = Math.min(1, Math.max(0, now - start) / 450), eased = time * time * (3 - 2 * time);
      state.scale = from.scale * (target.scale / from.scale) ** eased;
      const ratio = target.scale / from.scale, way = Math.abs(ratio - 1) < 1e-6 ? eased
        : (1 / from.scale - 1 / state.scale) / (1 / from.scale - 1 / target.scale);
      state.left = width / 2 - state.scale * (fromX + (toX - fromX) * way);
      state.top = height / 2 - state.scale * (fromY + (toY - fromY) * way);
      draw();
      if (time < 1) flight = requestAnimationFrame(step);
    };
    flight = requestAnimationFrame(step);
  }

  /** Center a word so that most of its neighbours are visible; some may be far away on the map. */
  function showNear(word) {
    const aways = data.closest(word).map(([other]) => Math.max(Math.abs(data.x[other] - data.x[word]), Math.abs(data.y[other] - data.y[word])));
    const most = aways.sort((a, b) => a - b)[Math.ceil(aways.length * 0.7) - 1];
    const reach = Math.min(0.25, Math.max(0.02, most)); // in map units, so that the surroundings are visible
    const [x, y] = [data.x[word], data.y[word]];
    flyTo(fitting({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach }));
  }

  // finding the word at a position

  const GRID = 128, cells = Array.from({ length: GRID * GRID }, () => []);
  const cellOf = (value) => Math.min(GRID - 1, Math.max(0, Math.floor(value * GRID)));
  for (let word = 0; word < data.count; word++) cells[cellOf(data.y[word]) * GRID + cellOf(data.x[word])].push(word);

  /** The word whose point is closest to a position on the screen, at most `reach` pixels away; -1 if there is none. */
  function wordAt(x, y, reach) {
    let best = -1, least = reach * reach;
    const range = (value, origin) => [-reach, reach].map((edge) => cellOf((value + edge - origin) / state.scale));
    const [left, right] = range(x, state.left), [top, bottom] = range(y, state.top);
    for (let row = top; row <= bottom; row++)
      for (let column = left; column <= right; column++)
        for (const word of cells[row * GRID + column]) {
          const distance = (screenX(word) - x) ** 2 + (screenY(word) - y) ** 2;
          if (distance < least) [best, least] = [word, distance];
        }
    return best;
  }

  context.font = FONT;
  labels.measure(context);
  context.font = BOLD;
  names.measure(context);
  dark.addEventListener("change", () => { restyle(); draw(); });

  function start() {
    restyle();
    resize();
    new ResizeObserver(resize).observe(document.documentElement);
  }

  return {
    canvas, state, start, redraw, draw, zoomAt, flyTo, showNear, wordAt, colorOf, screenX, screenY,
    whole: () => flyTo(fitting(WHOLE)),
    showGroup: (cluster) => flyTo(fitting(bounds(data.members[cluster]))),
    stop: () => cancelAnimationFrame(flight),
    labels: () => shown,
    names: () => shownNames,
    radius,
    size: () => ({ width, height }),
  };
})();
