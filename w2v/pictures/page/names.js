// Places the names of groups in free space, as close as possible to the words of their group, where they cover no point.
// A name that has no room near its group is farther away, mostly at the rim of the map, and has a line to its group.
//
// Names keep their size while distances grow, so that a place which is free at one scale stays free at larger ones. Places
// are computed once for a level of scale, for the whole map, so that a name moves with its words.
const names = (() => {
  const CELL = 4; // pixels; side of the squares in which points are counted
  const PADDING = 2, HEIGHT = data.fontSize * 1.5;
  const FARTHEST = 0.2; // of the map; a name farther from its group needs a line to it
  const FARTHEST_WITH_LINE = 0.5;
  const widths = new Float32Array(data.members.length);
  const places = new Map();
  let placedFor = ""; // the window that the places are for
  const isShown = !data.isSmall && data.members.length > 1; // otherwise names say no more than the labels of words
  const middles = isShown ? data.members.map(middleOf) : [];

  function measure(context) {
    data.names.forEach((name, cluster) => { widths[cluster] = context.measureText(name).width; });
  }

  /** The member closest to all others: in the densest part, where a group has several. Takes a sample of large groups. */
  function middleOf(members) {
    const sample = members.slice(0, 300);
    const away = (word) => sample.reduce((sum, other) => sum + Math.hypot(data.x[other] - data.x[word], data.y[other] - data.y[word]), 0);
    const aways = sample.map(away), middle = sample[aways.indexOf(Math.min(...aways))];
    return { x: data.x[middle], y: data.y[middle] };
  }

  function boxAt(cluster, x, y) {
    const half = widths[cluster] / 2 + PADDING;
    return { left: x - half, right: x + half, top: y - HEIGHT / 2, bottom: y + HEIGHT / 2 };
  }

  /** Sums of a grid: entry (row, column) counts what is above and left of it. Takes pixels, returns a count. */
  function counter(side, margin, reach, scale) {
    const sums = new Int32Array((side + 1) * (side + 1));
    const cell = (value) => Math.min(side - 1, Math.max(0, Math.floor((value + margin) / CELL)));
    for (let word = 0; word < data.count; word++) {
      const x = data.x[word] * scale, y = data.y[word] * scale;
      for (let row = cell(y - reach); row <= cell(y + reach); row++)
        for (let column = cell(x - reach); column <= cell(x + reach); column++)
          sums[(row + 1) * (side + 1) + column + 1]++;
    }
    for (let row = 1; row <= side; row++)
      for (let column = 1, before = 0; column <= side; column++) {
        before += sums[row * (side + 1) + column];
        sums[row * (side + 1) + column] = before + sums[(row - 1) * (side + 1) + column];
      }
    return (box) => {
      const left = cell(box.left), right = cell(box.right) + 1, top = cell(box.top) * (side + 1), bottom = (cell(box.bottom) + 1) * (side + 1);
      return sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left];
    };
  }

  const crosses = (box, line) => { // whether a line, from (x, y) to (toX, toY), has a part inside a box
    let first = 0, last = 1;
    for (const [start, end, low, high] of [[line.x, line.toX, box.left, box.right], [line.y, line.toY, box.top, box.bottom]]) {
      if (start === end) { if (start <= low || start >= high) return false; continue; }
      const ways = [(low - start) / (end - start), (high - start) / (end - start)];
      first = Math.max(first, Math.min(...ways));
      last = Math.min(last, Math.max(...ways));
    }
    return first < last;
  };
  const side = (line, x, y) => (line.toX - line.x) * (y - line.y) - (line.toY - line.y) * (x - line.x);
  const cross = (a, b) => side(a, b.x, b.y) * side(a, b.toX, b.toY) < 0 && side(b, a.x, a.y) * side(b, a.toX, a.toY) < 0;
  const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  function compute(scale, room, corners, reach) {
    const margin = Math.ceil(Math.max(0, -room.left, -room.top, room.right - scale, room.bottom - scale));
    const cells = Math.ceil((scale + 2 * margin) / CELL), points = counter(cells, margin, reach, scale);
    const { panel, buttons } = corners, lines = [];
    const taken = [
      { left: room.left, top: room.top, right: room.left + panel.width, bottom: room.top + panel.height },
      { left: room.right - buttons.width, top: room.bottom - buttons.height, right: room.right, bottom: room.bottom },
    ];
    const isInside = (box) => box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom;
    const isFree = (box) => isInside(box) && !taken.some((other) => overlaps(box, other)) && !points(box) && !lines.some((line) => crosses(box, line));
    const canReach = (line) => !taken.some((box) => crosses(box, line)) && !lines.some((other) => cross(line, other));
    const lineTo = (box, x, y) => ({
      x, y, toX: Math.min(Math.max(x, box.left), box.right), toY: Math.min(Math.max(y, box.top), box.bottom),
    });

    /** The closest free place for a name, at most `farthest` pixels from its group; null if there is none. */
    function closest(cluster, farthest, step, hasLine) {
      const x = middles[cluster].x * scale, y = middles[cluster].y * scale;
      const first = (from, low) => Math.ceil(Math.max(-farthest, low - from) / step);
      const last = (from, high) => Math.floor(Math.min(farthest, high - from) / step);
      let best = null, least = farthest;
      for (let down = first(y, room.top); down <= last(y, room.bottom); down++)
        for (let right = first(x, room.left); right <= last(x, room.right); right++) {
          const distance = step * Math.hypot(right, 1.5 * down); // letters run to the right: above and below seem farther
          if (distance >= least) continue;
          const box = boxAt(cluster, x + right * step, y + down * step);
          if (isFree(box) && (!hasLine || canReach(lineTo(box, x, y)))) [best, least] = [box, distance];
        }
      return best && { box: best, distance: least, line: hasLine ? lineTo(best, x, y) : null };
    }

    function take(found) {
      if (!found) return null;
      const { box, line } = found;
      taken.push(box);
      if (line) lines.push(line);
      return {
        x: (box.left + box.right) / 2 / scale, y: (box.top + box.bottom) / 2 / scale,
        from: line && { x: line.x / scale, y: line.y / scale },
      };
    }

    const found = middles.map((_, cluster) => take(closest(cluster, FARTHEST * scale, CELL, false)));
    const far = (cluster) => closest(cluster, FARTHEST_WITH_LINE * scale, 2 * CELL, true);
    found.flatMap((place, cluster) => (place ? [] : [{ cluster, distance: far(cluster)?.distance ?? Infinity }]))
      .sort((a, b) => a.distance - b.distance) // short lines first, so that long ones do not cut them off
      .forEach(({ cluster }) => { found[cluster] = take(far(cluster)); });
    return found;
  }

  return {
    measure, boxAt,
    /**
     * The places of all names at `scale`, in map units; null where there is no free space.
     *
     * `from` is the middle of the group, for the line of a name that is far away; otherwise null. The whole map has the
     * scale `wholeScale`, and leaves names the pixels of `around` on each side, except in two corners, at the top left and at
     * the bottom right. Points reach `reach` pixels.
     */
    placed(scale, whole, wholeScale, around, corners, reach) {
      const window = JSON.stringify([wholeScale, around, corners]);
      if (window !== placedFor) places.clear();
      placedFor = window;
      const level = Math.floor(2 * Math.log2(scale / wholeScale) + 1e-6);
      const levelScale = wholeScale * 2 ** (level / 2);
      if (!places.has(level))
        places.set(level, compute(levelScale, {
          left: whole.left * levelScale - around.left, right: whole.right * levelScale + around.right,
          top: whole.top * levelScale - around.top, bottom: whole.bottom * levelScale + around.bottom,
        }, corners, reach));
      return places.get(level);
    },
  };
})();
