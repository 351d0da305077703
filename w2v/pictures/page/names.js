// Places the names of groups in free space, as close as possible to the words of their group, where they cover no point.
//
// Names keep their size while distances grow, so that a place which is free at one scale stays free at larger ones. Places
// are computed once for a level of scale, for the whole map, so that a name moves with its words.
const names = (() => {
  const CELL = 4; // pixels; side of the squares in which points are counted
  const PADDING = 2, HEIGHT = data.fontSize * 1.5;
  const FARTHEST = 0.2; // of the map; a name farther from its group would seem to belong to another one
  const widths = new Float32Array(data.members.length);
  const places = new Map();
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

  function compute(scale, whole, margin, reach) {
    const side = Math.ceil((scale + 2 * margin) / CELL), points = counter(side, margin, reach, scale);
    const taken = [];
    const isInside = (box) => box.left >= whole.left * scale - margin && box.right <= whole.right * scale + margin
      && box.top >= whole.top * scale - margin && box.bottom <= whole.bottom * scale + margin;
    const isFree = (box) => isInside(box) && !points(box) && !taken.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
    return middles.map((middle, cluster) => {
      const x = middle.x * scale, y = middle.y * scale, steps = Math.floor(FARTHEST * scale / CELL);
      let best = null, least = Infinity;
      for (let down = -steps; down <= steps; down++)
        for (let right = -steps; right <= steps; right++) {
          const distance = Math.hypot(right, 1.5 * down); // letters run to the right: above and below seem farther
          if (distance >= least || distance > steps) continue;
          const box = boxAt(cluster, x + right * CELL, y + down * CELL);
          if (isFree(box)) [best, least] = [box, distance];
        }
      if (!best) return null;
      taken.push(best);
      return { x: (best.left + best.right) / 2 / scale, y: (best.top + best.bottom) / 2 / scale };
    });
  }

  return {
    measure, boxAt,
    /**
     * The places of all names at `scale`, in map units; null where there is no free space.
     * `whole` bounds the words, in map units; names are at most `margin` pixels outside. Points reach `reach` pixels.
     */
    placed(scale, whole, margin, reach) {
      const level = Math.floor(2 * Math.log2(scale) + 1e-6);
      if (!places.has(level)) places.set(level, compute(2 ** (level / 2), whole, margin, reach));
      return places.get(level);
    },
  };
})();
