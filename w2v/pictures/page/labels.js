// Decides which labels show at which scale, and where: labels never overlap, and none disappears while zooming in.
//
// Each level of scale has twice the area of the one before. The labels of the level before still fit, since letters keep
// their size while distances grow; then further words get a label where there is room, in the order of the words. A level
// is computed once, for the whole map, so that panning does not change which labels show.
const labels = (() => {
  const FIRST_SCALE = 300; // pixels across the whole map at level 0
  const LAST_LEVEL = 24;
  const CELL_WIDTH = 96, CELL_HEIGHT = 32;
  const HEIGHT = data.fontSize * 1.25;
  const { isSmall } = data; // then labels keep off points too, and stay closer
  const GAP_X = isSmall ? 2 : 10, GAP_Y = isSmall ? 0 : 5; // free space between labels
  const RISE = isSmall ? 6 : 5; // from a point to its label

  const never = LAST_LEVEL + 1;
  const firstLevel = new Uint8Array(data.count).fill(never);
  const widths = new Float32Array(data.count);
  const sides = new Uint8Array(data.count); // where each label is: a number of SIDES
  const SIDES = [[0, -1], [1, 0], [0, 1], [-1, 0], [1, -1], [-1, -1], [1, 1], [-1, 1]].slice(0, isSmall ? 8 : 1);
  let computed = -1;

  function measure(context) {
    data.words.forEach((word, number) => { widths[number] = context.measureText(word).width; });
  }

  const scaleOf = (level) => FIRST_SCALE * 2 ** (level / 2);
  const levelOf = (scale) => Math.min(LAST_LEVEL, Math.floor(2 * Math.log2(scale / FIRST_SCALE) + 1e-6));

  /** The box of a word's label when its point is at (x, y), in pixels. */
  function boxAt(word, x, y, side = sides[word]) {
    const [right, down] = SIDES[side], half = widths[word] / 2, away = right && down ? RISE * 0.6 : RISE;
    const middleX = x + right * (half + away), middleY = y + down * (HEIGHT / 2 + away);
    return { left: middleX - half, right: middleX + half, top: middleY - HEIGHT / 2, bottom: middleY + HEIGHT / 2 };
  }

  /** Whether two boxes are apart now, and stay so while the distance of their points grows. */
  const stayApart = (a, b) => (a.right <= b.left && a.x <= b.x) || (b.right <= a.left && b.x <= a.x)
    || (a.bottom <= b.top && a.y <= b.y) || (b.bottom <= a.top && b.y <= a.y);

  function compute(level) {
    const scale = scaleOf(level), taken = new Map();

    function forCells(box, visit) {
      const lastX = Math.floor(box.right / CELL_WIDTH), lastY = Math.floor(box.bottom / CELL_HEIGHT);
      for (let row = Math.floor(box.top / CELL_HEIGHT); row <= lastY; row++)
        for (let column = Math.floor(box.left / CELL_WIDTH); column <= lastX; column++)
          if (visit(row * 65536 + column)) return true;
      return false;
    }

    const take = (box) => forCells(box, (cell) => { taken.has(cell) ? taken.get(cell).push(box) : taken.set(cell, [box]); });

    function spaceOf(word, side) {
      const x = data.x[word] * scale, y = data.y[word] * scale, box = boxAt(word, x, y, side);
      return { left: box.left - GAP_X / 2, right: box.right + GAP_X / 2, top: box.top - GAP_Y / 2, bottom: box.bottom + GAP_Y / 2, x, y };
    }

    const hits = (box) => forCells(box, (cell) => taken.get(cell)?.some((other) => !stayApart(box, other)));

    function add(word, side) {
      firstLevel[word] = Math.min(firstLevel[word], level);
      sides[word] = side;
      take(spaceOf(word, side));
    }

    if (isSmall)
      for (let word = 0; word < data.count; word++) {
        const x = data.x[word] * scale, y = data.y[word] * scale, reach = RISE * 0.6;
        take({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach, x, y });
      }
    for (let word = 0; word < data.count; word++) if (firstLevel[word] < level) add(word, sides[word]);
    for (let word = 0; word < data.count; word++) {
      if (firstLevel[word] <= level) continue;
      const side = SIDES.findIndex((_, number) => !hits(spaceOf(word, number)));
      if (side >= 0) add(word, side);
    }
    computed = level;
  }

  return {
    measure, boxAt, firstLevel,
    /** Return the level for `scale`, in pixels across the whole map, and compute its labels. */
    levelFor(scale) {
      const level = levelOf(scale);
      while (computed < level) compute(computed + 1);
      return level;
    },
    /** Compute one more level ahead of time; return false when all are computed. */
    prepare() {
      if (computed < LAST_LEVEL) compute(computed + 1);
      return computed < LAST_LEVEL;
    },
  };
})();
