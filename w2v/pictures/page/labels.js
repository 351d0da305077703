// Decides which labels show at which scale: labels never overlap, and none disappears while zooming in.
//
// Each level of scale has twice the area of the one before. The labels of the level before still fit, since letters
// keep their size while distances grow; then further words get a label where there is room, in the order of the words.
// A level is computed once, for the whole map, so that panning does not change which labels show.
const LABEL_HEIGHT = 15;
const labels = (() => {
  const FIRST_SCALE = 300; // pixels across the whole map at level 0
  const LAST_LEVEL = 24;
  const CELL_WIDTH = 96, CELL_HEIGHT = 32;
  const GAP_X = 10, GAP_Y = 5; // free space between labels
  const RISE = 5; // from a point to the label above it

  const never = LAST_LEVEL + 1;
  const firstLevel = new Uint8Array(data.count).fill(never);
  const widths = new Float32Array(data.count);
  let computed = -1;

  function measure(context) {
    data.words.forEach((word, number) => { widths[number] = context.measureText(word).width; });
  }

  const scaleOf = (level) => FIRST_SCALE * 2 ** (level / 2);
  const levelOf = (scale) => Math.min(LAST_LEVEL, Math.floor(2 * Math.log2(scale / FIRST_SCALE) + 1e-6));

  function compute(level) {
    const scale = scaleOf(level), taken = new Map();

    function forCells(box, visit) {
      const lastX = Math.floor(box.right / CELL_WIDTH), lastY = Math.floor(box.bottom / CELL_HEIGHT);
      for (let row = Math.floor(box.top / CELL_HEIGHT); row <= lastY; row++)
        for (let column = Math.floor(box.left / CELL_WIDTH); column <= lastX; column++)
          if (visit(row * 65536 + column)) return true;
      return false;
    }

    function add(word, box) {
      firstLevel[word] = Math.min(firstLevel[word], level);
      forCells(box, (cell) => { taken.has(cell) ? taken.get(cell).push(box) : taken.set(cell, [box]); });
    }

    const boxOf = (word) => {
      const middle = data.x[word] * scale, half = (widths[word] + GAP_X) / 2, bottom = data.y[word] * scale;
      return { left: middle - half, right: middle + half, top: bottom - LABEL_HEIGHT - GAP_Y, bottom };
    };
    const hits = (box) => forCells(box, (cell) => taken.get(cell)?.some((other) =>
      box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom));

    for (let word = 0; word < data.count; word++) if (firstLevel[word] < level) add(word, boxOf(word));
    for (let word = 0; word < data.count; word++) {
      if (firstLevel[word] <= level) continue;
      const box = boxOf(word);
      if (!hits(box)) add(word, box);
    }
    computed = level;
  }

  return {
    widths, measure, RISE, firstLevel,
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
