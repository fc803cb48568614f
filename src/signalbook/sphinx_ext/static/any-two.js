/* Works out what changes between two releases: the lines that `signalbook diff` prints, by the
   rules of `history/changes.py` and `history/change_lines.py`. */

"use strict";

(() => {
  const { element, chooser, choices, makeForm, lineOf, ofSite } = forms;

  const LEVELS = ["MUST", "SHOULD", "MAY"];
  const TAGS = ["removed", "changed", "added"];
  const LISTS = {
    "in more cases": "Rules that hold in more cases",
    gone: "Rules and cases that are gone with a name",
  };
  const PASSED = "";
  const IMPORT_FAILS = "fallback.import-fails";
  const WITHOUT_NAME =
    /^an example raised AttributeError: '(?:Flask|Blueprint)' object has no attribute '(\w+)'$/;
  const REASON = /^(an example (?:raised|printed)(?: something else:)? )([^]+)$/;

  const unique = (values) => [...new Set(values)];
  const open = (text) => text.replace(/\.$/, "");
  const capital = (text) => text[0].toUpperCase() + text.slice(1);
  const minimum = (numbers) => Math.min(...numbers);

  // What came of a check on each release: a reason, which is empty if it passed, or nothing.
  const outcomes = (runs, reasons) =>
    runs.flatMap(([reason, length]) => Array(length).fill(reasons[reason] ?? null));

  const read = (data) => {
    for (const clause of data.pages.flatMap((page) => page.clauses)) {
      for (const entry of clause.entries) {
        entry.checks = entry.checks.map(([name, runs]) => ({
          name: name || entry.id.split(".").pop(), came: outcomes(runs, data.reasons),
        }));
      }
    }
  };

  class Change {
    constructor(clause, before, after, at) {
      Object.assign(this, { clause, before, after, at });
      [this.rule] = clause.entries;
      this.parts = [...before, ...after];
      this.checks = this.parts.flatMap((part) => part.checks);
      const ended = after.length ? [] : before.flatMap((part) => part.checks);
      this.instead = unique(ended.map(({ came }) => came[at.end]).filter(Boolean));
      this.held = this.rule.checks.some(
        ({ came }) => came[at.start] === PASSED && came[at.end] === PASSED,
      );
      const names = this.instead.map((reason) => WITHOUT_NAME.exec(reason)?.[1]);
      this.goneWith = names.every(Boolean) ? unique(names) : [];
    }

    get tag() {
      const { before, after } = this;
      if (!after.length) return this.goneWith.length ? "gone" : "removed";
      if (before.length) return "changed";
      return this.held && after.length === 1 && this.isOf(after) ? "in more cases" : "added";
    }

    isOf(parts) {
      return parts.some(({ entry }) => entry === this.rule);
    }

    // With which releases each check last became what it is at the end.
    get places() {
      const { start, end, step } = this.at;
      return this.checks.map(({ came }) => {
        const passes = (place) => came[place] === PASSED;
        let place = end;
        while (place !== start && passes(place - step) === passes(end)) place -= step;
        return place;
      });
    }

    get text() {
      const rule = this.rule.rule;
      const [before, after] = [this.said(this.before), this.said(this.after)];
      if (this.isOf(this.after)) {
        const begins = after ? `${rule} ${after}` : rule;
        return before ? `${open(begins)} ← before: ${before}` : begins;
      }
      if (this.isOf(this.before)) {
        const ends = before ? `${rule} ${before}` : rule;
        return `${open(ends)} → ${after ? `after: ${after}` : this.end}`;
      }
      const told = before ? `${open(before)} → ${after || capital(this.shown)}` : after;
      return `In place of “${open(rule)}”: ${told}`;
    }

    said(parts) {
      const others = parts.filter(({ entry }) => entry !== this.rule);
      return unique(others.map(({ entry }) => entry.rule)).join(" ");
    }

    get end() {
      const cases = this.held ? this.cases : "";
      if (this.tag === "gone") {
        const names = this.goneWith.map((name) => `\`${name}\``).join(", ");
        return `gone with ${names}${cases && `, ${cases}`}.`;
      }
      return cases ? `not ${cases}: ${this.shown}` : capital(this.shown);
    }

    get cases() {
      const names = this.before.flatMap((part) => part.checks.map(({ name }) => name));
      if (names.length > 3) return `in ${names.length} cases`;
      return `in the case${names.length > 1 ? "s" : ""} ${names.join(", ")}`;
    }

    get shown() {
      const said = this.instead.slice(0, 2).map((reason) => {
        const [, words, code] = REASON.exec(reason) ?? ["", "", reason];
        return `${words}\`${code.replaceAll("`", "'")}\``;
      });
      return `${said.join(", ")}${this.instead.length > 2 ? ", others something else" : ""}.`;
    }
  }

  // The parts of a clause that cease to be true, or begin to.
  const partsOf = (clause, isIn) =>
    clause.entries
      .map((entry) => ({ entry, checks: entry.checks.filter(({ came }) => isIn(came)) }))
      .filter(({ checks }) => checks.length);

  const changesOf = (clause, at) => {
    const ceasing = partsOf(clause, (came) => came[at.start] === PASSED && came[at.end]);
    const beginning = partsOf(clause, (came) => came[at.start] && came[at.end] === PASSED);
    const entries = (parts) => parts.map(({ entry }) => entry.id).join();
    const halves = entries(ceasing) === entries(beginning)
      ? [[ceasing, []], [[], beginning]]
      : [[ceasing, beginning]];
    return halves
      .filter(([before, after]) => before.length || after.length)
      .map(([before, after]) => new Change(clause, before, after, at));
  };

  const makeLine = (changes, tag, text, data, { start, end, step }) => {
    const at = unique(changes.flatMap((change) => change.places)).sort((a, b) => (a - b) * step);
    const releases = at.map((place) => data.versions[place]);
    const few = releases.length > 2 ? `${releases[0]} to ${releases.at(-1)}` : releases.join(", ");
    return {
      tag,
      text,
      level: minimum(changes.map(({ clause }) => LEVELS.indexOf(clause.level))),
      when: Math.abs(end - start) > 1 ? few : "",
      parts: changes.flatMap((change) => change.parts),
    };
  };

  const linesOf = (page, data, at) => {
    const changes = page.clauses.flatMap((clause) => changesOf(clause, at));
    const ends = data.withoutBlinker[at.start] && !data.withoutBlinker[at.end];
    const ended = changes.filter(
      ({ clause, rule }) => ends && (clause.lacksBlinker || rule.id === IMPORT_FAILS),
    );
    const lines = changes
      .filter((change) => !ended.includes(change))
      .map((change) => makeLine([change], change.tag, change.text, data, at));
    if (ended.length) lines.unshift(makeLine(ended, "changed", data.withoutBlinkerText, data, at));
    return lines;
  };

  const rank = (lines, data) => {
    if (lines.some(({ text }) => text === data.withoutBlinkerText)) return -1;
    const breaking = lines.filter(({ tag, level }) => tag !== "added" && level < 2);
    return minimum([LEVELS.length, ...breaking.map(({ level }) => level)]);
  };

  const tell = (data, start, end) => {
    const at = { start, end, step: start <= end ? 1 : -1 };
    const told = data.pages.map((page) => ({ page, lines: linesOf(page, data, at) }));
    const sections = told
      .map(({ page, lines }) => ({
        title: page.title,
        lines: lines
          .filter(({ tag }) => TAGS.includes(tag))
          .sort((a, b) => TAGS.indexOf(a.tag) - TAGS.indexOf(b.tag) || a.level - b.level),
      }))
      .filter(({ lines }) => lines.length)
      .sort((a, b) => rank(a.lines, data) - rank(b.lines, data));
    const all = told.flatMap(({ lines }) => lines);
    const lists = Object.entries(LISTS)
      .map(([name, title]) => ({ title, lines: all.filter(({ tag }) => tag === name) }))
      .filter(({ lines }) => lines.length);
    const checks = data.pages.flatMap((page) => page.clauses.flatMap(
      (clause) => clause.entries.flatMap((entry) => entry.checks),
    ));
    const isUnknown = ({ came }) => came[start] === null || came[end] === null;
    return { sections, lists, unknown: checks.filter(isUnknown).length };
  };

  // How it is shown.

  const code = (text) => element("code", { className: "literal" }, text);
  const rich = (text) => text.split("`").map((part, number) => (number % 2 ? code(part) : part));

  const casesOf = ({ entry, checks }) => {
    const others = entry.checks.filter((check) => !checks.includes(check));
    if (!others.length) return "";
    const [named, word] = others.length < checks.length ? [others, "all but "] : [checks, ""];
    return ` (${word}${named.map(({ name }) => name).join(", ")})`;
  };

  const listOf = (lines, urls) => {
    const items = lines.map(({ tag, when, level, text, parts }) => {
      const className = `change-tag change-${tag.split(" ").at(-1)}`;
      const facts = `${when && ` in ${when}`}, ${LEVELS[level]}: `;
      const proofs = parts.flatMap((part, number) => [
        number ? "; " : "",
        element("a", { href: urls.get(part.entry) }, code(part.entry.id)),
        casesOf(part),
      ]);
      return element(
        "li", {},
        element(
          "p", {}, element("span", { className, textContent: tag }),
          element("span", { className: "change-facts", textContent: facts }), ...rich(text),
        ),
        element("p", { className: "change-proofs" }, ...proofs),
      );
    });
    return element("ul", { className: "change-lines" }, ...items);
  };

  const addressesIn = (data) => new Map(data.pages.flatMap((page) => page.clauses.flatMap(
    (clause) => clause.entries.map((entry) => [entry, `${page.url}#${entry.id}`]),
  )));

  // Leave those of the pages on upgrades that lie between two releases.
  const pagesBetween = (links, versions, start, end) => {
    const lines = unique(versions.map(lineOf));
    const [first, last] = [start, end].map((place) => lines.indexOf(lineOf(versions[place])));
    return links.filter((link) => {
      const [, from, to] = /(\S+) to (\S+)$/.exec(link.textContent.trim());
      const place = lines.indexOf(to);
      return first <= lines.indexOf(from) && place >= 0 && place <= last;
    });
  };

  const showChanges = (box) => {
    const data = JSON.parse(box.querySelector("script").textContent);
    read(data);
    const urls = addressesIn(data);
    const versions = data.versions.map((version) => [version, version]);
    const newest = data.versions.at(-1);
    const asked = choices();
    const before = data.versions.findLast((version) => lineOf(version) !== lineOf(newest)) ?? newest;
    const onPage = () => ofSite(data.versions) ?? before;
    const [fromLabel, from] = chooser("From Flask", versions, asked.get("from") || onPage());
    const [toLabel, to] = chooser("to Flask", versions, asked.get("to") || newest);
    const count = element("output");
    const list = element("div");
    const pages = document.querySelector(".release-changes-pages");
    const links = [...pages.querySelectorAll("a")];
    const summary = element("p", { className: "release-changes-summary" });
    pages.remove();
    const show = () => {
      const [start, end] = [from, to].map(({ value }) => data.versions.indexOf(value));
      const { sections, lists, unknown } = tell(data, start, end);
      const passed = pagesBetween(links, data.versions, start, end);
      summary.hidden = !passed.length;
      summary.replaceChildren(
        "In short: ", ...passed.flatMap((link, number) => [number ? ", " : "", link]), ".",
      );
      list.replaceChildren(
        ...sections.map(({ title, lines }) => element(
          "section", {}, element("h2", {}, ...rich(title)), listOf(lines, urls),
        )),
        ...lists.map(({ title, lines }) => element(
          "details", { className: "clause-fold" },
          element("summary", { textContent: `${title}: ${lines.length}` }), listOf(lines, urls),
        )),
      );
      const number = sections.reduce((sum, { lines }) => sum + lines.length, 0);
      const left = unknown ? `, ${unknown} cases left out, since they weren't measured` : "";
      count.textContent = `${number} changes${left}`;
    };
    const form = makeForm([fromLabel, toLabel, count], show, () => ({
      from: from.value, to: to.value,
    }));
    document.addEventListener("signalbook:release", () => {
      if (choices().has("from")) return;
      from.value = onPage();
      show();
    });
    box.append(form, summary, list);
    show();
  };

  document.querySelectorAll(".release-changes").forEach(showChanges);
})();
