// The words and their data, from the JSON in the page. All other scripts refer to a word by its number.
const data = (() => {
  const RIGHT_TO_LEFT = /[\u200f\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
  const raw = JSON.parse(document.getElementById("data").textContent);

  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
  const positions = new Uint16Array(bytes(raw.positions));
  const clusters = new Uint8Array(bytes(raw.clusters));
  const neighbours = new Uint16Array(bytes(raw.neighbours));
  const similarities = new Int16Array(bytes(raw.similarities));
  const count = raw.words.length;
  const isolates = raw.words.map((word) => (RIGHT_TO_LEFT.test(word) ? `\u2068${word}\u2069` : word));

  // The y axis points down on a screen, and up in a layout.
  const x = Float32Array.from({ length: count }, (_, word) => positions[2 * word] / 65535);
  const y = Float32Array.from({ length: count }, (_, word) => 1 - positions[2 * word + 1] / 65535);

  const members = raw.names.map(() => []);
  clusters.forEach((cluster, word) => members[cluster].push(word));

  const folded = raw.words.map((word) => word.toLowerCase());
  const numbers = new Map(raw.words.map((word, number) => [word, number]));

  return {
    count, isSmall: raw.isSmall, x, y, clusters, members, names: raw.names, colors: raw.colors, words: raw.words, fontSize: raw.fontSize, explained: raw.explained,
    /** The direction of a text by its first letter or mark of direction; text that begins with an isolated word is ours. */
    directionOf: (text) => (!text.startsWith("\u2068") && RIGHT_TO_LEFT.test(text.match(/[\p{L}\u200e\u200f]/u)?.[0] ?? "") ? "rtl" : "ltr"),
    /** The word for text that goes on in another direction: isolated where it is written from right to left. */
    isolated: (word) => isolates[word],
    find: (text) => numbers.get(text) ?? -1,

    /** The nearest neighbours of `word`, nearest first, as [word, cosine]. */
    closest(word, most = raw.neighbourCount) {
      const start = word * raw.neighbourCount;
      return Array.from({ length: Math.min(most, raw.neighbourCount) }, (_, place) =>
        [neighbours[start + place], similarities[start + place] / 10000]);
    },

    /** Up to `most` words that equal `text`, begin with it or contain it, in this order; most frequent first. */
    search(text, most) {
      const wanted = text.trim().toLowerCase();
      if (!wanted) return [];
      const ranked = [[], [], []];
      for (let word = 0; word < count; word++) {
        const place = folded[word].indexOf(wanted);
        if (place >= 0) ranked[place > 0 ? 2 : folded[word].length > wanted.length ? 1 : 0].push(word);
      }
      return ranked.flat().slice(0, most);
    },
  };
})();
