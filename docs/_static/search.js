// The search page: shows what Pagefind finds.
// Pagefind needs a server; where there is none, Sphinx's own search answers.
"use strict";

(() => {
  const SHOWN = 30;
  const sphinxSearch = Search.performSearch;
  const ranking = { metaWeights: { title: 5, names: 10, keywords: 8, place: 1, address: 0 } };

  Search.performSearch = async (query) => {
    let pagefind;
    try {
      pagefind = await import("../pagefind/pagefind.js");
      await pagefind.options({ ranking });
    } catch {
      Search.loadIndex("searchindex.js");
      sphinxSearch(query);
      return;
    }
    const found = await find(pagefind, query);
    const shown = await Promise.all(found.slice(0, SHOWN).map((result) => result.data()));
    show(query, found.length, shown);
  };

  // What has just that name, then what has all the words, or else what has the most of them.
  async function find(pagefind, query) {
    const name = query.trim().toLowerCase();
    const { results: named } = await pagefind.search(null, { filters: { name } });
    const ids = new Set(named.map(({ id }) => id));
    const others = await findWords(pagefind, query);
    const [exact, rest] = [true, false].map((is) => others.filter(({ id }) => ids.has(id) === is));
    const ranked = new Set(exact.map(({ id }) => id));
    return [...exact, ...named.filter(({ id }) => !ranked.has(id)), ...rest];
  }

  async function findWords(pagefind, query) {
    const { results } = await pagefind.search(query);
    const words = splitQuery(query).filter((word) => !stopwords.has(word.toLowerCase()));
    if (results.length || words.length < 2) return results;
    const found = new Map();
    for (const word of words) {
      for (const result of (await pagefind.search(word)).results) {
        const before = found.get(result.id) ?? { result, words: 0, score: 0 };
        const score = before.score + result.score;
        found.set(result.id, { result, words: before.words + 1, score });
      }
    }
    const ranked = [...found.values()].sort((a, b) => b.words - a.words || b.score - a.score);
    return ranked.map(({ result }) => result);
  }

  function show(query, count, shown) {
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    const first = count > shown.length ? `; the first ${shown.length} are here` : "";
    status.textContent = `${count || "Nothing"} found for “${query}”${first}.`;
    const list = document.createElement("ol");
    list.className = "found";
    list.append(...shown.map(item));
    document.getElementById("search-results").replaceChildren(status, list);
  }

  function item(data) {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = data.meta.address;
    link.textContent = data.meta.title;
    entry.append(link, paragraph("found-place", data.meta.place ?? ""));
    // A rule is its own summary.
    if (!data.meta.title.endsWith(".")) {
      const excerpt = entry.appendChild(paragraph("found-excerpt", ""));
      // Pagefind escapes it, but for the marks.
      excerpt.innerHTML = data.excerpt;
    }
    return entry;
  }

  function paragraph(name, text) {
    const made = document.createElement("p");
    made.className = name;
    made.textContent = text;
    return made;
  }
})();
