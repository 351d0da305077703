// The panel: search, the selected word with its neighbours, and the groups.
const panel = (() => {
  const get = (id) => document.getElementById(id);
  const query = get("query"), suggestions = get("suggestions");
  const MOST_SUGGESTIONS = 8;
  let found = [], active = 0, choose = () => {};

  /** An element with attributes and children, which are elements or text. No text is parsed as HTML. */
  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function chip(cluster) {
    const made = element("span", { class: "chip" });
    made.style.background = view.colorOf(cluster);
    return made;
  }

  function suggest() {
    found = data.search(query.value, MOST_SUGGESTIONS);
    active = 0;
    const nothing = !found.length && query.value.trim();
    suggestions.replaceChildren(
      ...found.map((word, place) => element("li", { role: "option", dir: "auto", id: `option-${place}`, "data-word": word }, data.words[word])),
      ...(nothing ? [element("li", { class: "none" }, "Not on this map")] : []));
    suggestions.hidden = !suggestions.children.length;
    mark();
  }

  function mark() {
    found.forEach((_, place) => suggestions.children[place].setAttribute("aria-selected", String(place === active)));
    query.setAttribute("aria-expanded", String(!suggestions.hidden));
    query.setAttribute("aria-activedescendant", found.length ? `option-${active}` : "");
  }

  function close() {
    suggestions.hidden = true;
    mark();
  }

  query.addEventListener("input", suggest);
  query.addEventListener("focus", () => { if (query.value && view.state.selected < 0) suggest(); });
  query.addEventListener("blur", close);
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.length && !suggestions.hidden) choose(found[active]);
    else if (event.key === "ArrowDown" && found.length) active = (active + 1) % found.length;
    else if (event.key === "ArrowUp" && found.length) active = (active + found.length - 1) % found.length;
    else return;
    event.preventDefault();
    mark();
  });
  suggestions.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[data-word]");
    event.preventDefault(); // keep the focus in the search field
    if (item) choose(Number(item.dataset.word));
  });

  function show(word) {
    get("selected").hidden = word < 0;
    close();
    if (word < 0) { query.value = ""; return; }
    query.value = data.words[word];
    get("word").textContent = data.words[word];
    const cluster = data.clusters[word];
    get("group").replaceChildren(chip(cluster), "group: ", element("bdi", {}, data.names[cluster]));
    get("neighbours").replaceChildren(...data.closest(word).map(([other, similarity]) => {
      const bar = element("span", { class: "bar" });
      bar.style.width = `${100 * Math.max(0, similarity)}%`;
      bar.style.background = view.colorOf(data.clusters[other]);
      const button = element("button", { "data-word": other }, bar, element("span", { class: "name", dir: "auto" }, data.words[other]),
        element("span", { class: "value" }, similarity.toFixed(4)));
      button.addEventListener("click", () => choose(other));
      return element("li", {}, button);
    }));
  }

  function listGroups(pick) {
    get("groups").replaceChildren(...data.names.map((name, cluster) => {
      const button = element("button", { "aria-pressed": "false" }, chip(cluster), element("bdi", {}, name),
        element("span", { class: "count" }, data.members[cluster].length.toLocaleString("en")));
      button.addEventListener("click", () => {
        const picked = button.getAttribute("aria-pressed") !== "true";
        for (const other of get("groups").querySelectorAll("button")) other.setAttribute("aria-pressed", "false");
        button.setAttribute("aria-pressed", String(picked));
        pick(picked ? cluster : -1);
      });
      return element("li", {}, button);
    }));
  }

  get("legend").open = data.isSmall && data.members.length > 1 && innerHeight > 600; // the map shows no names of groups

  const tip = get("tip");
  function hover(word, x, y) {
    tip.hidden = word < 0;
    if (word < 0) return;
    const near = data.closest(word, 3).map(([other, similarity]) => `${data.isolated(other)} ${similarity.toFixed(2)}`);
    tip.replaceChildren(element("strong", {}, element("bdi", {}, data.words[word])), element("p", {}, `rank ${(word + 1).toLocaleString("en")} · ${near.join(" · ")}`));
    const { width, height } = view.size();
    tip.style.left = `${Math.min(x + 14, width - tip.offsetWidth - 8)}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight > height ? y - tip.offsetHeight - 12 : y + 18}px`;
  }

  const layout = data.explained
    ? `axes: principal components 1 and 2, with ${data.explained.map((share) => `${(100 * share).toFixed(0)}%`).join(" and ")} of the variance`
    : "similar words are close together";
  get("about").textContent = `${data.count.toLocaleString("en")} words; ${layout}`;
  return { show, hover, listGroups, query, onChoose: (action) => { choose = action; }, clear: get("clear") };
})();
