/* Filters the table of clauses, and works out what changes between two releases.
   The address keeps the choice, so that it can be linked to. */

"use strict";

(() => {
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const chooser = (label, values, chosen) => {
    const select = element("select");
    for (const [value, text] of values) {
      select.append(element("option", { value, textContent: text }));
    }
    select.value = values.some(([value]) => value === chosen) ? chosen : values[0][0];
    return [element("label", {}, `${label} `, select), select];
  };

  const choices = () => new URLSearchParams(location.hash.slice(1));

  const remember = (chosen) => {
    const kept = Object.entries(chosen).filter(([, value]) => value);
    history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
  };

  const filterTable = (box) => {
    const rows = [...box.querySelectorAll("tbody tr")];
    const subjects = [...new Set(rows.map((row) => row.dataset.subject))];
    const releases = [...new Set(rows.flatMap((row) => row.dataset.passed.split(" ")))];
    releases.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const asked = choices();
    const every = ["", "all"];
    const pairs = (values) => [every, ...values.map((value) => [value, value])];
    const [subjectLabel, subject] = chooser("Subject", pairs(subjects), asked.get("subject"));
    const [releaseLabel, release] = chooser(
      "Passed on", pairs(releases.filter(Boolean)), asked.get("release"),
    );
    const changes = element("input", { type: "checkbox", checked: asked.has("changes") });
    const count = element("output");
    const show = () => {
      let shown = 0;
      for (const row of rows) {
        row.hidden = Boolean(
          (subject.value && row.dataset.subject !== subject.value) ||
          (release.value && !row.dataset.passed.split(" ").includes(release.value)) ||
          (changes.checked && row.dataset.changes !== "true"),
        );
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = `${shown} of ${rows.length} clauses`;
    };
    const form = element(
      "form", { className: "compatibility-filter" },
      ...(subjects.length > 1 ? [subjectLabel] : []), releaseLabel,
      element("label", {}, changes, " Only what changes"), count,
    );
    form.addEventListener("change", () => {
      show();
      remember({
        subject: subject.value, release: release.value, changes: changes.checked ? "yes" : "",
      });
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    box.prepend(form);
    show();
    // A link to a row came before there was a filter to hide it.
    if (location.hash.startsWith("#measured-")) {
      document.getElementById(location.hash.slice(1))?.scrollIntoView();
    }
  };

  const passedOn = (clause, place) =>
    clause.passed.some(([first, last]) => first <= place && place <= last);

  const changesBetween = (data, start, end) => {
    const step = start <= end ? 1 : -1;
    const found = new Map();
    for (const clause of data.clauses) {
      const now = passedOn(clause, end);
      if (passedOn(clause, start) === now) continue;
      let place = end;
      while (passedOn(clause, place - step) === now) place -= step;
      if (!found.has(place)) found.set(place, []);
      found.get(place).push([clause, now]);
    }
    return [...found].sort(([a], [b]) => (a - b) * step);
  };

  const levels = ["MUST", "SHOULD", "MAY"];

  const showChanges = (box) => {
    const data = JSON.parse(box.querySelector("script").textContent);
    const pairs = data.versions.map((version) => [version, version]);
    const newest = data.versions[data.versions.length - 1];
    const asked = choices();
    const onPage = () => {
      const line = document.documentElement.dataset.flask;
      const found = data.versions.findLast((version) => `${version}.`.startsWith(`${line}.`));
      return found && found !== newest ? found : data.versions[0];
    };
    const [fromLabel, from] = chooser("From Flask", pairs, asked.get("from") || onPage());
    const [toLabel, to] = chooser("to Flask", pairs, asked.get("to") || newest);
    const count = element("output");
    const list = element("div");
    const show = () => {
      const groups = changesBetween(
        data, data.versions.indexOf(from.value), data.versions.indexOf(to.value),
      );
      list.replaceChildren();
      let number = 0;
      for (const [place, changed] of groups) {
        // The rows of a rule are one item.
        const rules = new Map();
        for (const [clause, now] of changed) {
          const key = `${clause.id} ${now}`;
          if (!rules.has(key)) rules.set(key, { clause, now, rows: [] });
          if (clause.row) rules.get(key).rows.push(clause.row);
        }
        const ordered = [...rules.values()].sort(
          (a, b) => levels.indexOf(a.clause.level) - levels.indexOf(b.clause.level),
        );
        const items = ordered.map(({ clause, now, rows }) => {
          const [tag, style] = now ? ["added", "change-added"] : ["removed", "change-removed"];
          const rule = element("span");
          rule.innerHTML = clause.rule;
          const link = element("a", { href: clause.url }, element("code", {}, clause.id));
          return element(
            "li", {},
            element("span", { className: `change-tag ${style}`, textContent: tag }), " ", rule,
            " ", link, rows.length ? ` (${rows.join(", ")})` : "",
          );
        });
        number += items.length;
        list.append(
          element("h2", { textContent: `Flask ${data.versions[place]}` }),
          element("ul", {}, ...items),
        );
      }
      count.textContent = `${number} changes`;
    };
    const form = element("form", {}, fromLabel, toLabel, count);
    form.addEventListener("change", () => {
      show();
      remember({ from: from.value, to: to.value });
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("signalbook:release", () => {
      if (choices().has("from")) return;
      from.value = onPage();
      show();
    });
    box.append(form, list);
    show();
  };

  document.querySelectorAll(".compatibility").forEach(filterTable);
  document.querySelectorAll(".release-changes").forEach(showChanges);
})();
