/* Filters the tables of clauses. */

"use strict";

(() => {
  const { element, chooser, choices, checkbox, pairs, makeForm } = forms;

  const lineOf = (version) => version.split(".", 2).join(".");

  // A table of rules by release: its rows, with more columns and with details on demand.
  class Table {
    constructor(box) {
      this.scroll = box.querySelector(".compatibility-scroll");
      this.data = JSON.parse(box.querySelector("script").textContent);
      this.head = box.querySelector("thead tr");
      this.bodies = [...box.querySelectorAll("tbody")];
      this.rows = [...box.querySelectorAll("tbody tr[id]")];
      this.usual = [...this.head.cells].slice(1);
      this.isAware = box.matches(".release-aware");
      for (const row of this.rows) this.addButton(row);
    }

    of(row) {
      const [codes, details] = this.data.rows[row.id];
      return { codes, details };
    }

    changes(row) {
      const seen = this.of(row).codes.toLowerCase().replaceAll("a", "o").replaceAll("n", "");
      return new Set(seen).size > 1;
    }

    addButton(row) {
      const button = element("button", {
        type: "button", className: "compatibility-more", textContent: "Details",
        ariaExpanded: "false",
      });
      button.addEventListener("click", () => {
        if (button.ariaExpanded === "true") row.nextElementSibling.remove();
        else row.after(this.details(row));
        button.ariaExpanded = String(button.ariaExpanded === "false");
      });
      row.cells[0].append(" ", button);
    }

    details(row) {
      const lines = this.of(row).details.map((line) => element("li", { textContent: line }));
      const cell = element("td", { colSpan: this.head.cells.length }, element("ul", {}, ...lines));
      return element("tr", { className: "compatibility-details" }, cell);
    }

    close() {
      for (const body of this.bodies) {
        body.querySelectorAll(".compatibility-details").forEach((row) => row.remove());
        body.querySelectorAll("button").forEach((button) => { button.ariaExpanded = "false"; });
      }
    }

    // Have all releases for columns, or those that the page came with.
    setColumns(all) {
      const { columns } = this.data;
      const given = (release) => this.usual.find((head) => head.dataset.release === release);
      const heads = all ? columns.map((release) => given(release) ?? this.newHead(release))
        : this.usual;
      if (heads.length === this.head.cells.length - 1) return;
      this.head.replaceChildren(this.head.cells[0], ...heads);
      const places = heads.map((head) => columns.indexOf(head.dataset.release));
      for (const row of this.rows) {
        const { codes } = this.of(row);
        row.replaceChildren(row.cells[0], ...places.map((place) => this.newCell(codes[place])));
      }
      for (const body of this.bodies) body.rows[0].cells[1].colSpan = heads.length;
      this.markChosen();
    }

    // Have the column of the release stand out that the site is shown for.
    markChosen() {
      if (!this.isAware) return;
      const { lines, newest } = signalbook;
      const line = lines.find(({ name }) => name === document.documentElement.dataset.flask);
      const release = line.name === newest ? "" : line.version;
      const place = [...this.head.cells].findIndex((head) => head.dataset.release === release);
      for (const row of [this.head, ...this.rows]) {
        [...row.cells].forEach((cell, at) => cell.classList.toggle("chosen", at === place));
      }
    }

    newHead(release) {
      const head = element("th", { scope: "col", textContent: release });
      head.dataset.release = release;
      return head;
    }

    newCell(code) {
      const kind = this.data.kinds.find((each) => each[0] === code.toLowerCase());
      const [style, more] = code === code.toLowerCase() ? ["", ""] : [" depends", ", depends"];
      return element("td", {
        className: kind.replace(" ", "-") + style, textContent: kind + more,
      });
    }
  }

  const filterTables = (boxes) => {
    const tables = boxes.map((box) => new Table(box));
    const bodies = tables.flatMap((table) => table.bodies);
    const subjects = [...new Set(bodies.map((body) => body.dataset.subject))];
    const asked = choices();
    const [subjectLabel, subject] = chooser("Subject", pairs(subjects), asked.get("subject"));
    const [changesLabel, changes] = checkbox("Only what changes", asked.has("changes"));
    const [allLabel, all] = checkbox("All releases", asked.get("releases") === "all");
    const count = element("output");
    const hideEmpty = (part) => {
      part.hidden = !part.querySelector("tr[id]:not([hidden])");
    };
    const show = () => {
      let shown = 0;
      for (const table of tables) {
        table.close();
        table.setColumns(all.checked);
        for (const row of table.rows) {
          const ofAnother = subject.value && row.parentElement.dataset.subject !== subject.value;
          row.hidden = Boolean(ofAnother || (changes.checked && !table.changes(row)));
          shown += row.hidden ? 0 : 1;
        }
      }
      [...bodies, ...boxes].forEach(hideEmpty);
      const number = tables.reduce((sum, table) => sum + table.rows.length, 0);
      count.textContent = `${shown} of ${number} rules`;
    };
    const fields = [...(subjects.length > 1 ? [subjectLabel] : []), changesLabel, allLabel, count];
    boxes[0].before(makeForm(fields, show, () => ({
      subject: subject.value,
      changes: changes.checked ? "yes" : "",
      releases: all.checked ? "all" : "",
    })));
    show();
    // Where not all columns have room, the newest are in view.
    for (const { scroll } of tables) scroll.scrollLeft = scroll.scrollWidth;
    const markChosen = () => tables.forEach((table) => table.markChosen());
    markChosen();
    document.addEventListener("signalbook:release", markChosen);
    // A link to a row came before there was a filter to move it.
    if (location.hash.startsWith("#measured-")) {
      document.getElementById(location.hash.slice(1))?.scrollIntoView();
    }
  };

  const filterClauses = (place) => {
    const { releases, holds, features, needs } = JSON.parse(place.querySelector("script").textContent);
    const tables = [...document.querySelectorAll("table.clauses")];
    const sections = new Map(tables.map((table) => [table.closest("section"), table]));
    const asked = choices();
    const text = element("input", { type: "search", value: asked.get("text") ?? "" });
    const textLabel = element("label", {}, "Id or words ", text);
    const chapters = [...sections.keys()].map((section) => section.id);
    const [chapterLabel, chapter] = chooser("Chapter", pairs(chapters), asked.get("chapter"));
    const [levelLabel, level] = chooser("Level", pairs(["MUST", "SHOULD", "MAY"]), asked.get("level"));
    const newestFirst = [...releases].reverse();
    const ofSite = () => {
      const line = document.documentElement.dataset.flask;
      return line === signalbook.newest ? "" : newestFirst.find((each) => lineOf(each) === line);
    };
    const [releaseLabel, release] = chooser(
      "Holds on Flask", pairs(newestFirst), asked.get("release") ?? ofSite(),
    );
    const [needLabel, need] = chooser("Needs", pairs(features), asked.get("needs"));
    const count = element("output");
    const rows = tables.flatMap((table) => [...table.tBodies[0].rows]).filter(
      (row) => row.cells.length > 1,
    );
    const facts = new Map(rows.map((row) => [row, {
      chapter: row.closest("section").id,
      level: row.cells[1].textContent.trim(),
      holds: holds[row.cells[0].textContent.trim()],
      needs: needs[row.cells[0].textContent.trim()] ?? [],
      text: row.textContent.toLowerCase(),
    }]));
    const show = () => {
      const words = text.value.toLowerCase().split(/\s+/);
      const at = releases.indexOf(release.value);
      let shown = 0;
      for (const [row, its] of facts) {
        row.hidden = Boolean(
          (chapter.value && its.chapter !== chapter.value) ||
          (level.value && its.level !== level.value) ||
          (at >= 0 && its.holds[at] !== "1") ||
          (need.value && !its.needs.includes(need.value)) ||
          !words.every((word) => its.text.includes(word)),
        );
        shown += row.hidden ? 0 : 1;
      }
      for (const [section, table] of sections) {
        // A page's heading stays above what is left of it.
        let heading = null;
        for (const row of table.tBodies[0].rows) {
          if (row.cells.length > 1) heading.hidden &&= row.hidden;
          else (heading = row).hidden = true;
        }
        section.hidden = !table.querySelector("tbody tr:not([hidden])");
      }
      count.textContent = `${shown} of ${rows.length} clauses`;
    };
    const fields = [textLabel, chapterLabel, levelLabel, releaseLabel, needLabel, count];
    place.append(makeForm(fields, show, () => ({
      text: text.value,
      chapter: chapter.value,
      level: level.value,
      release: release.value,
      needs: need.value,
    })));
    show();
  };

  const boxes = [...document.querySelectorAll(".compatibility")];
  if (boxes.length) filterTables(boxes);
  document.querySelectorAll(".clause-filter").forEach(filterClauses);
})();
