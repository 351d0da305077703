// Mouse, touch and keyboard. The selected word is part of the address, so that Back returns to the word before.
const CLICK = 4; // pixels that a pointer may move during a click
const REACH = 14; // pixels from a point to a pointer that selects it
const { canvas } = view;
const pointers = new Map();
let moved = 0;

const choose = (word) => {
  const hash = word < 0 ? "" : `#${encodeURIComponent(data.words[word])}`;
  if (location.hash === hash && word >= 0) view.showNear(word);
  location.hash = hash;
};

function select() {
  let text = "";
  try { text = decodeURIComponent(location.hash.slice(1)); } catch { /* not an address that this page makes */ }
  const word = text ? data.find(text) : -1;
  view.state.selected = word;
  hover(-1);
  panel.show(word);
  if (word >= 0) view.showNear(word);
  else view.redraw();
}

function hover(word, x, y) {
  canvas.classList.toggle("pointing", word >= 0);
  panel.hover(word, x, y);
  if (word === view.state.hovered) return;
  view.state.hovered = word;
  view.redraw();
}

canvas.addEventListener("pointerdown", (event) => {
  view.stop();
  canvas.focus();
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, event);
  if (pointers.size === 1) moved = 0;
});

canvas.addEventListener("pointermove", (event) => {
  const before = pointers.get(event.pointerId);
  if (!before) {
    hover(view.wordAt(event.clientX, event.clientY, REACH), event.clientX, event.clientY);
    return;
  }
  pointers.set(event.pointerId, event);
  const right = (event.clientX - before.clientX) / pointers.size, down = (event.clientY - before.clientY) / pointers.size;
  moved += Math.abs(right) + Math.abs(down);
  if (moved <= CLICK) return;
  hover(-1);
  canvas.classList.add("moving");
  view.state.left += right;
  view.state.top += down;
  const other = [...pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
  if (other) { // two fingers: zoom around the one at rest
    const distance = (pointer) => Math.hypot(pointer.clientX - other.clientX, pointer.clientY - other.clientY);
    view.zoomAt(other.clientX, other.clientY, distance(event) / Math.max(1, distance(before)));
  }
  view.redraw();
});

for (const name of ["pointerup", "pointercancel"])
  canvas.addEventListener(name, (event) => {
    if (!pointers.delete(event.pointerId)) return;
    canvas.classList.remove("moving");
    if (name === "pointerup" && moved <= CLICK) choose(view.wordAt(event.clientX, event.clientY, REACH));
  });
canvas.addEventListener("pointerleave", () => hover(-1));

canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  view.stop();
  const pixels = event.deltaY * (event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? 400 : 1);
  view.zoomAt(event.clientX, event.clientY, 2 ** (-Math.max(-300, Math.min(300, pixels)) / 240));
  hover(view.wordAt(event.clientX, event.clientY, REACH), event.clientX, event.clientY);
}, { passive: false });

const zoomMiddle = (factor) => { const { width, height } = view.size(); view.zoomAt(width / 2, height / 2, factor); };
const pan = (right, down) => { view.state.left += right; view.state.top += down; view.redraw(); };
const KEYS = {
  "+": () => zoomMiddle(1.5), "=": () => zoomMiddle(1.5), "-": () => zoomMiddle(1 / 1.5), 0: view.whole,
  ArrowLeft: () => pan(80, 0), ArrowRight: () => pan(-80, 0), ArrowUp: () => pan(0, 80), ArrowDown: () => pan(0, -80),
};
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { choose(-1); canvas.focus(); return; }
  if (event.target === panel.query || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { panel.query.focus(); panel.query.select(); } else if (KEYS[event.key]) KEYS[event.key]();
  else return;
  event.preventDefault();
});

const press = (id, action) => document.getElementById(id).addEventListener("click", action);
press("in", () => zoomMiddle(1.5));
press("out", () => zoomMiddle(1 / 1.5));
press("whole", view.whole);
press("clear", () => choose(-1));

panel.onChoose(choose);
panel.listGroups((cluster) => {
  view.state.group = cluster;
  if (cluster >= 0) view.showGroup(cluster);
  else view.whole();
});
addEventListener("hashchange", select);
view.start();
select();

const prepare = () => { if (labels.prepare()) setTimeout(prepare, 30); };
setTimeout(prepare, 300);

globalThis.wordMap = { data, view, labels }; // for the console
